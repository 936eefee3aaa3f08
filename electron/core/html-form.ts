import { type Token, type TokenHandler, Tokenizer, TokenizerMode } from 'parse5';
import { ownValue } from '../shared/own-value.ts';

interface FormField {
  name: string;
  /** In lower case. */
  type: string;
  value: string;
}

interface HtmlForm {
  /** undefined: the form has no such attribute. */
  action: string | undefined;
  fields: FormField[];
}

type RawTextMode = Tokenizer['state'];

/** Elements whose content has no tags. */
const rawText: Readonly<Record<string, RawTextMode>> = {
  script: TokenizerMode.SCRIPT_DATA,
  style: TokenizerMode.RAWTEXT,
  iframe: TokenizerMode.RAWTEXT,
  textarea: TokenizerMode.RCDATA,
  title: TokenizerMode.RCDATA,
};

/**
 * The forms of a page, and all its input fields. The page comes from an app that may be hostile: it is only split into
 * tokens, which takes time linear in its length, while building its tree takes the square of its depth.
 */
export function readHtmlForms(html: string): { forms: HtmlForm[]; fields: FormField[] } {
  const forms: HtmlForm[] = [];
  const fields: FormField[] = [];
  let open: HtmlForm | null = null;
  const handler: TokenHandler = {
    onStartTag({ tagName, attrs }) {
      tokenizer.state = ownValue(rawText, tagName) ?? tokenizer.state;
      if (tagName === 'form' && open === null) {
        open = { action: attribute(attrs, 'action'), fields: [] };
        forms.push(open);
      } else if (tagName === 'input') {
        const type = attribute(attrs, 'type')?.toLowerCase() || 'text';
        const field = { name: attribute(attrs, 'name') ?? '', type, value: attribute(attrs, 'value') ?? '' };
        fields.push(field);
        open?.fields.push(field);
      }
    },
    onEndTag({ tagName }) {
      if (tagName === 'form') open = null;
    },
    onCharacter: ignore,
    onNullCharacter: ignore,
    onWhitespaceCharacter: ignore,
    onComment: ignore,
    onDoctype: ignore,
    onEof: ignore,
  };
  const tokenizer = new Tokenizer({}, handler);
  tokenizer.write(html, true);
  return { forms, fields };
}

function ignore(): void {}

const attribute = (attributes: readonly Token.Attribute[], name: string): string | undefined =>
  attributes.find((each) => each.name === name)?.value;
