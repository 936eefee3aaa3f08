import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { execute, faultOf, type ReadInclude } from '../jinja/execute.ts';
import { TemplateFault } from '../jinja/fault.ts';
import { limits, Meter } from '../jinja/meter.ts';
import { parseTemplate } from '../jinja/parse.ts';
import { fromData } from '../jinja/values.ts';

export type { ReadInclude } from '../jinja/execute.ts';

/**
 * Jinja2 3.1 as Tunel's recipes use it: no autoescape, no block trimming, one final newline stripped, undefined is empty,
 * falsy and iterable. Nothing of the template runs: it is interpreted, within limits of its own.
 * @throws AppError `template-invalid` naming file and line
 */
export function renderTemplate(
  file: string,
  template: string,
  context: Readonly<Record<string, unknown>>,
  readInclude: ReadInclude,
): string {
  try {
    const values = new Map(Object.entries(context).map(([name, value]) => [name, fromData(value)]));
    const rendering = { meter: new Meter(), read: readInclude, parsed: new Map(), included: 0, own: new WeakMap() };
    const text = execute(parseTemplate(file, template), values, rendering);
    if (text.length > limits.output)
      throw new TemplateFault(`what it makes is larger than ${limits.output / 1024} KiB`);
    return text;
  } catch (cause) {
    throw templateInvalid(file, cause);
  }
}

/** The error for a template that cannot be read or rendered; what is an AppError already stays it. */
export function templateInvalid(file: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const fault = faultOf(cause).at(file, 1);
  return new AppError(
    'template-invalid',
    message`${{ file: fault.file ?? file }}:${{ line: fault.line ?? 1 }} cannot be rendered: ${{ problem: fault.message }}.`,
    {
      hint: fault.hint ?? 'Mend the template, then reload the recipes.',
      cause,
    },
  );
}
