import { expect, it } from 'vitest';
import { parseMarkdown, parseSpans } from '../../../renderer/components/preview/markdown/parse-markdown.ts';

const text = (value: string) => ({ kind: 'text', text: value });

it('finds headings, paragraphs, lists, code, quotes, rules and tables', () => {
  const source = `# Title #
one
two

- a
  more
  - b
1. c

\`\`\`py
# no heading
\`\`\`
> said
> so
---
| x | y |
|---|:-:|
| 1 | **2** |
`;
  expect(parseMarkdown(source)).toEqual([
    { kind: 'heading', level: 1, spans: [text('Title')] },
    { kind: 'paragraph', spans: [text('one two')] },
    {
      kind: 'list',
      isOrdered: false,
      items: [
        { level: 0, spans: [text('a more')] },
        { level: 1, spans: [text('b')] },
        { level: 0, spans: [text('c')] },
      ],
    },
    { kind: 'code', text: '# no heading' },
    { kind: 'quote', spans: [text('said so')] },
    { kind: 'rule' },
    {
      kind: 'table',
      head: [[text('x')], [text('y')]],
      rows: [[[text('1')], [{ kind: 'strong', text: '2' }]]],
    },
  ]);
});

it('finds looks in a line, and links of https alone', () => {
  expect(
    parseSpans('a `b*c*` **d** *e* [f](https://g.org/h) [i](javascript:alert) ![j](https://k.org/l.png) <b>'),
  ).toEqual([
    text('a '),
    { kind: 'code', text: 'b*c*' },
    text(' '),
    { kind: 'strong', text: 'd' },
    text(' '),
    { kind: 'emphasis', text: 'e' },
    text(' '),
    { kind: 'link', text: 'f', href: 'https://g.org/h' },
    text(' '),
    text('i'),
    text(' '),
    text('j'),
    text(' <b>'),
  ]);
});

it.each(['`', '**', '[', '](', '|', '> ', '- ', '#', '*a '])('many of %j take no long time', (part) => {
  const hostile = part.repeat(20_000 / part.length);
  expect(parseMarkdown(`${hostile}\n|-|\n${hostile}`).length).toBeGreaterThan(0);
});

it.each([
  ['a heading', (blanks: string) => `#${blanks}a\u2028x`],
  ['the end of a heading', (blanks: string) => `# a${blanks}b${blanks}c\u2028x`],
  ['an item', (blanks: string) => `-${blanks}a\u2028x`],
  ['a table', (blanks: string) => `a|b\n${blanks}x\n${blanks}|`],
])('the blanks of %s are not tried in all ways', (_what, line) => {
  // At 100,000 even a square of them would take longer than a test may.
  expect(parseMarkdown(line(' '.repeat(100_000))).length).toBeGreaterThan(0);
});
