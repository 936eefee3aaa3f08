import { commentDialect } from './comment-dialect.ts';
import { readLetterOptions } from './letter-options.ts';
import type { Dialect, Field, OptionInfo } from './types.ts';
import { quoteWord } from './words.ts';

type Given = Omit<
  Parameters<typeof commentDialect>[0],
  'readBody' | 'print' | 'printValue' | 'toArguments' | 'isKnown' | 'options' | 'slotsFor' | 'setByTunel'
> & {
  /** How many values follow each option: `{ 0: '-V -h', 1: '-q', 2: '-pe' }`. */
  grammar: Readonly<Record<number, string>>;
  isLetterJoined: boolean;
  list?: string;
  /** What completion offers and explains; resources of the list are `-l name`. */
  help: Readonly<Record<string, string>>;
  slotsFor: Dialect['slotsFor'] | Readonly<Partial<Record<Field, string>>>;
  setByTunel: string;
};

/** A dialect whose options are those of qsub or bsub: `-x value`. */
export function letterDialect({ grammar, isLetterJoined, list, help, slotsFor, setByTunel, ...given }: Given): Dialect {
  const arity = new Map(
    Object.entries(grammar).flatMap(([count, names]) =>
      names.split(/\s+/).map((name) => [name, Number(count)] as const),
    ),
  );
  const isOfList = (key: string): boolean => list !== undefined && key.startsWith(`${list} `);
  // A value of several words, and one in a list, are written as they are.
  const printValue = (key: string, value: string): string =>
    isOfList(key) || (arity.get(key) ?? 1) > 1 ? value : quoteWord(value);
  const print = (key: string, value: string): string =>
    value === '' ? key : `${key}${isOfList(key) ? '=' : ' '}${printValue(key, value)}`;
  const toArguments = (key: string, value: string | null): string[] => {
    const [option = '', resource] = key.split(' ');
    if (resource !== undefined) return [option, value === null ? resource : `${resource}=${value}`];
    if (value === null) return [key];
    return [key, ...((arity.get(key) ?? 1) > 1 ? value.split(/\s+/) : [value])];
  };
  const infoOf = (key: string): OptionInfo => ({
    key,
    written: isOfList(key) ? `${key}=` : arity.get(key) === 0 ? key : `${key} `,
    help: help[key] ?? '',
  });
  return commentDialect({
    ...given,
    readBody: (text, offset) => readLetterOptions(text, offset, { arity, isJoinable: isLetterJoined, list }),
    printValue,
    print,
    toArguments,
    slotsFor: typeof slotsFor === 'function' ? slotsFor : (field) => (slotsFor[field] ? [slotsFor[field]] : []),
    options: [...new Set([...Object.keys(help), ...arity.keys()])].filter((key) => key !== list).map(infoOf),
    // A site may count resources of its own.
    isKnown: (key) => isOfList(key) || arity.has(key),
    setByTunel: new Set(setByTunel.split(/\s+/)),
  });
}
