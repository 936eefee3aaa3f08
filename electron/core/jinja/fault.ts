/** Why a template cannot be rendered. Who knows the place fills it in; `renderTemplate` makes an AppError of it. */
export class TemplateFault extends Error {
  readonly hint: string | undefined;
  file: string | undefined;
  line: number | undefined;

  constructor(reason: string, hint?: string) {
    super(reason);
    this.name = 'TemplateFault';
    this.hint = hint;
  }

  /** Sets the place unless a nearer one is known. */
  at(file: string, line: number): this {
    this.file ??= file;
    this.line ??= line;
    return this;
  }
}

/** For what Jinja2 has and recipes do without. */
export function unsupported(construct: string): TemplateFault {
  return new TemplateFault(`${construct} is not supported`, 'docs/recipes.md lists what templates may use.');
}
