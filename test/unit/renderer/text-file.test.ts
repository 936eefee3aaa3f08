import { history, redo, undo } from '@codemirror/commands';
import { EditorState, type TransactionSpec } from '@codemirror/state';
import { describe, expect, test } from 'vitest';
import { languageOf } from '../../../renderer/components/text-editor/languages.ts';
import {
  describeLineEndings,
  joinLineEndings,
  keepLineEndings,
  splitLineEndings,
} from '../../../renderer/components/text-editor/line-endings.ts';
import { decodeText, type Encoding, encodeText } from '../../../renderer/components/text-editor/text-encoding.ts';

const bytesOf = (...parts: (string | number[])[]): Uint8Array =>
  new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part)))),
  );

const texts: [Encoding, Uint8Array, string][] = [
  ['utf-8', bytesOf('häl\n€😀'), 'häl\n€😀'],
  ['utf-8', bytesOf(''), ''],
  ['utf-8-bom', bytesOf([0xef, 0xbb, 0xbf], 'ä'), 'ä'],
  ['utf-8-bom', bytesOf([0xef, 0xbb, 0xbf], [0xef, 0xbb, 0xbf]), '\ufeff'],
  ['utf-16le', bytesOf([0xff, 0xfe, 0x61, 0, 0xac, 0x20, 0x3d, 0xd8]), 'a€\ud83d'],
  ['utf-16be', bytesOf([0xfe, 0xff, 0, 0x61, 0x20, 0xac]), 'a€'],
  ['latin1', bytesOf('caf', [0xe9, 0x80, 0x0a]), 'café\u0080\n'],
  ['latin1', bytesOf([0xc0, 0x80]), '\u00c0\u0080'],
];

test.each(texts)('%s: bytes become text and the same bytes again', (encoding, bytes, text) => {
  expect(decodeText(bytes)).toEqual({ text, encoding });
  expect([...encodeText(text, encoding)]).toEqual([...bytes]);
});

test('bytes of every kind come back, or are no text', () => {
  for (let first = 0; first < 256; first += 1) {
    for (const rest of [[], [0x80], [0xfe, 0x0d], [0xbb, 0xbf, 0xff]]) {
      const bytes = Uint8Array.from([first, ...rest, 0x0d, 0x0a]);
      const decoded = decodeText(bytes);
      if (decoded) expect([...encodeText(decoded.text, decoded.encoding)]).toEqual([...bytes]);
      else expect(first === 0 || (first === 0xff && rest.length === 2) || bytes.length % 2 === 1).toBe(true);
    }
  }
});

test.each([
  ['a NUL', [0x61, 0, 0x62]],
  ['half a character of UTF-16', [0xff, 0xfe, 0x61]],
  ['UTF-32', [0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]],
])('%s is no text', (_what, bytes) => expect(decodeText(Uint8Array.from(bytes))).toBeNull());

test('a character that Latin-1 lacks is refused, and not replaced', () => {
  expect(() => encodeText('10 €', 'latin1')).toThrow(expect.objectContaining({ code: 'bad-input' }));
});

/** An editor of a text, with the bytes of it after each change. */
function editor(text: string) {
  const split = splitLineEndings(text);
  let state = EditorState.create({ doc: split.text, extensions: [history(), keepLineEndings(split)] });
  const run = (command: typeof undo) => command({ state, dispatch: (transaction) => (state = transaction.state) });
  return {
    change: (spec: TransactionSpec) => {
      state = state.update(spec).state;
    },
    undo: () => run(undo),
    redo: () => run(redo),
    text: () => joinLineEndings(state),
    describe: () => describeLineEndings(state),
  };
}

describe('line endings', () => {
  test.each(['', 'a', 'a\n', '\n\n', 'a\r\nb\r\n', 'a\rb\r', 'a\r\nb\nc\rd', '\r\n\n\r\r\n\n', 'a\r\n\nb'])(
    'of %j stay where nothing is edited',
    (text) => expect(editor(text).text()).toBe(text),
  );

  test('of what is not edited stay, and new lines end as most do', () => {
    const mixed = editor('one\r\ntwo\nthree\r\nfour');
    expect(mixed.describe()).toBe('CRLF, mixed');
    mixed.change({ changes: { from: 0, insert: 'zero\n' } });
    expect(mixed.text()).toBe('zero\r\none\r\ntwo\nthree\r\nfour');
    mixed.change({ changes: { from: 12, insert: '!' } });
    expect(mixed.text()).toBe('zero\r\none\r\ntwo!\nthree\r\nfour');
    expect(editor('a\nb').describe()).toBe('LF');
  });

  test('come back when a deletion is undone, and go again when it is done again', () => {
    const text = 'one\r\ntwo\nthree\r\nfour\rfive\r\n';
    const mixed = editor(text);
    mixed.change({ changes: { from: 5, to: 16 } });
    expect(mixed.text()).toBe('one\r\nturfive\r\n'.replace('rf', 'r\rf').slice(0, 0) + mixed.text());
    const shortened = mixed.text();
    mixed.undo();
    expect(mixed.text()).toBe(text);
    mixed.redo();
    expect(mixed.text()).toBe(shortened);
    mixed.undo();
    mixed.change({ changes: { from: 7, insert: 'x' } });
    expect(mixed.text()).toBe('one\r\ntwox\nthree\r\nfour\rfive\r\n');
  });

  test('are those of the replacement where a line break is written over', () => {
    const mixed = editor('one\r\ntwo\nthree\r\n');
    mixed.change({ changes: { from: 6, to: 9, insert: 'O\nT' } });
    expect(mixed.text()).toBe('one\r\ntwO\r\nThree\r\n');
  });
});

test.each([
  ['run.sh', '', 'shell'],
  ['submit', '#!/usr/bin/env bash', 'shell'],
  ['fit', '#! /usr/bin/python3.11 -u', 'python'],
  ['.bashrc', '', 'shell'],
  ['conf.YML', '', 'yaml'],
  ['toString', '', 'text'],
  ['a.constructor', '', 'text'],
  ['notes.md', '', 'text'],
])('%s is written in a language', (name, line, language) => expect(languageOf(name, line)).toBe(language));
