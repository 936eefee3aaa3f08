import { describe, expect, it } from 'vitest';
import {
  delimiterOf,
  IMAGE_LIMIT,
  parseTable,
  previewKindOf,
} from '../../../renderer/components/preview/preview-model.ts';

describe('the first rows of a table', () => {
  it.each([
    [
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r\n1,\r\n',
      [
        ['a', 'b'],
        ['1', ''],
      ],
    ],
    ['"a ""b"", c",d\n', [['a "b", c', 'd']]],
    ['"one\ntwo",3', [['one\ntwo', '3']]],
    ['a"b,c', [['a"b', 'c']]],
    ['', []],
  ])('of %j are %j', (text, rows) => expect(parseTable(text, ',', false)).toEqual(rows));
  it('leave out what is not whole, and what are too many', () => {
    expect(parseTable('a\tb\n1\t2\n3', '\t', true)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
    expect(parseTable('x\n'.repeat(2000), ',', false)).toHaveLength(500);
  });
  it('are those of files named as tables', () => {
    expect(['a.csv', 'a.TSV', 'a.txt', 'csv'].map(delimiterOf)).toEqual([',', '\t', null, null]);
  });
});

it('an image whose size is not known, as of a link, is shown as far as it is not too large', () => {
  const entry = { name: 'a.png', kind: 'file', modified: null, mode: null, owner: null, target: null } as const;
  expect(previewKindOf({ ...entry, link: true, size: null })).toMatchObject({ kind: 'image', most: IMAGE_LIMIT + 1 });
  expect(previewKindOf({ ...entry, link: false, size: 10 })).toMatchObject({ kind: 'image', most: 10 });
  expect(previewKindOf({ ...entry, link: false, size: IMAGE_LIMIT + 1 })).toMatchObject({ kind: 'none' });
});
