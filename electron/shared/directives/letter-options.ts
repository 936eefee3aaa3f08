import type { Directive } from './types.ts';
import { splitWords, unquote, type Word, withinQuotes } from './words.ts';

/** How the options of a command such as qsub are written: `-x value`. */
interface LetterGrammar {
  /** How many values follow; of an option that is not here, one if it does not begin with a hyphen. */
  arity: ReadonlyMap<string, number>;
  /** A value may follow its letter without a space. */
  isJoinable: boolean;
  /** The option that takes a list of resources, `-l a=1,b=2`; each is a directive of its own. */
  list?: string;
}

export function readLetterOptions(text: string, offset: number, grammar: LetterGrammar): Directive[] {
  const words = splitWords(text, offset);
  const found: Directive[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (!word?.raw.startsWith('-')) continue;
    const joined = grammar.isJoinable ? splitLetter(word) : null;
    const option = joined?.option ?? word;
    const values = joined ? [joined.value] : valuesOf(words, at, grammar);
    if (!joined) at += values.length;
    found.push(...directivesOf(option, values, grammar.list));
  }
  return found;
}

/** `-qlong` -> `-q` and `long`. */
function splitLetter({ raw, from, to }: Word): { option: Word; value: Word } | null {
  if (!/^-[A-Za-z]./.test(raw)) return null;
  return {
    option: { raw: raw.slice(0, 2), from, to: from + 2 },
    value: { raw: raw.slice(2), from: from + 2, to },
  };
}

function valuesOf(words: readonly Word[], at: number, { arity }: LetterGrammar): Word[] {
  const count = arity.get(words[at]?.raw ?? '');
  const next = words.slice(at + 1, at + 1 + (count ?? 1));
  if (count === undefined && next[0]?.raw.startsWith('-')) return [];
  return next;
}

function directivesOf(option: Word, values: readonly Word[], list: string | undefined): Directive[] {
  const first = values[0];
  const last = values.at(-1);
  if (!first || !last) {
    return [
      { key: option.raw, value: null, from: option.from, to: option.to, valueSpan: { from: option.to, to: option.to } },
    ];
  }
  if (option.raw === list) return resourcesOf(option, first);
  const value = values.map(({ raw }) => unquote(raw)).join(' ');
  const valueSpan = { from: first.from, to: last.to };
  return [{ key: option.raw, value, from: option.from, to: last.to, valueSpan }];
}

function resourcesOf(option: Word, word: Word): Directive[] {
  const { raw, from } = withinQuotes(word);
  const items = [...raw.matchAll(/[^,]+/g)];
  return items.map((match, index) => {
    const [text] = match;
    const start = from + match.index;
    const end = start + text.length;
    const [name = '', value] = /^([^=]+)(?:=(.*))?$/.exec(text)?.slice(1) ?? [];
    const next = items[index + 1];
    const previous = items[index - 1];
    const span = previous
      ? { from: from + previous.index + previous[0].length, to: end }
      : next
        ? { from: start, to: from + next.index }
        : { from: option.from, to: word.to };
    return {
      key: `${option.raw} ${name}`,
      value: value ?? null,
      ...span,
      isListItem: items.length > 1,
      valueSpan: { from: value === undefined ? end : start + name.length + 1, to: end },
    };
  });
}
