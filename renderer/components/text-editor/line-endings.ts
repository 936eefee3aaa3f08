import { invertedEffects } from '@codemirror/commands';
import {
  type EditorState,
  type Extension,
  Facet,
  type Range,
  RangeSet,
  RangeValue,
  StateEffect,
  StateField,
} from '@codemirror/state';

export type LineEnding = '\n' | '\r\n' | '\r';

/** A text with line breaks of one character. */
export interface SplitText {
  text: string;
  /** What most of its lines end with. */
  main: LineEnding;
  /** The line breaks that are others, by where they are in `text`. */
  others: readonly { at: number; ending: LineEnding }[];
}

export function splitLineEndings(text: string): SplitText {
  const found: { at: number; ending: LineEnding }[] = [];
  const counts: Record<LineEnding, number> = { '\n': 0, '\r\n': 0, '\r': 0 };
  let shorter = 0;
  for (const { 0: match, index } of text.matchAll(/\r\n|\r|\n/g)) {
    const ending: LineEnding = match === '\r\n' || match === '\r' ? match : '\n';
    counts[ending] += 1;
    found.push({ at: index - shorter, ending });
    shorter += ending.length - 1;
  }
  const endings: LineEnding[] = ['\n', '\r\n', '\r'];
  const main = endings.reduce((best, ending) => (counts[ending] > counts[best] ? ending : best));
  return { text: text.replace(/\r\n?/g, '\n'), main, others: found.filter(({ ending }) => ending !== main) };
}

/** Lies on a line break; one that is deleted takes it along. */
class OtherEnding extends RangeValue {
  readonly ending: LineEnding;
  override startSide = 1;
  override endSide = -1;

  constructor(ending: LineEnding) {
    super();
    this.ending = ending;
  }

  override eq(other: RangeValue): boolean {
    return other instanceof OtherEnding && other.ending === this.ending;
  }
}

const mainEnding = Facet.define<LineEnding, LineEnding>({ combine: ([ending = '\n']) => ending });

const restore = StateEffect.define<{ at: number; ending: LineEnding }>({
  map: ({ at, ending }, mapping) => ({ at: mapping.mapPos(at, 1), ending }),
});

const otherAt = ({ at, ending }: { at: number; ending: LineEnding }): Range<OtherEnding> =>
  new OtherEnding(ending).range(at, at + 1);

const otherEndings = StateField.define<RangeSet<OtherEnding>>({
  create: () => RangeSet.empty,
  update(endings, transaction) {
    const { newDoc: doc } = transaction;
    const back = transaction.effects
      .filter((effect) => effect.is(restore))
      .map((effect) => effect.value)
      .filter(({ at }) => doc.sliceString(at, at + 1) === '\n')
      .map(otherAt);
    const kept = transaction.docChanged ? endings.map(transaction.changes) : endings;
    return back.length === 0 ? kept : kept.update({ add: back, sort: true });
  },
});

/** Undoing a deletion gives a line break back as it was. */
const undoDeletions = invertedEffects.of(({ changes, startState }) => {
  const effects: StateEffect<unknown>[] = [];
  changes.iterChangedRanges((fromA, toA) => {
    startState.field(otherEndings).between(fromA, toA, (from, to, { ending }) => {
      if (from >= fromA && to <= toA) effects.push(restore.of({ at: from, ending }));
    });
  });
  return effects;
});

/** What the lines of a text end with, while it is edited. Lines that are new end as most do. */
export const keepLineEndings = ({ main, others }: Pick<SplitText, 'main' | 'others'>): Extension => [
  mainEnding.of(main),
  otherEndings.init(() => RangeSet.of(others.map(otherAt))),
  undoDeletions,
];

/** The text of an editor with the line endings that it came with. */
export function joinLineEndings(state: EditorState): string {
  const main = state.facet(mainEnding);
  const others = state.field(otherEndings).iter();
  const parts: string[] = [];
  for (let number = 1; number <= state.doc.lines; number += 1) {
    const line = state.doc.line(number);
    parts.push(line.text);
    if (number === state.doc.lines) break;
    while (others.value !== null && others.from < line.to) others.next();
    parts.push(others.value !== null && others.from === line.to ? others.value.ending : main);
  }
  return parts.join('');
}

const endingTitles: Readonly<Record<LineEnding, string>> = { '\n': 'LF', '\r\n': 'CRLF', '\r': 'CR' };

/** `LF`, or `CRLF, mixed`. */
export const describeLineEndings = (state: EditorState): string =>
  `${endingTitles[state.facet(mainEnding)]}${state.field(otherEndings).size > 0 ? ', mixed' : ''}`;
