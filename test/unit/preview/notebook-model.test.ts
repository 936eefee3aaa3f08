import { expect, it } from 'vitest';
import { readNotebook } from '../../../renderer/components/preview/notebook/notebook-model.ts';

const notebook = (cells: unknown[], nbformat = 4) => readNotebook(JSON.stringify({ nbformat, metadata: {}, cells }));

it('a notebook has its cells with the saved outputs, richest first', () => {
  const { cells } = notebook([
    { cell_type: 'markdown', metadata: {}, source: ['# Title\n', 'text'] },
    {
      cell_type: 'code',
      source: 'plot()',
      execution_count: 3,
      outputs: [
        { output_type: 'stream', name: 'stdout', text: ['a\n', 'b'] },
        { output_type: 'display_data', data: { 'image/png': 'iVBO\nRw==', 'text/plain': '<Figure>' } },
        { output_type: 'execute_result', data: { 'text/html': ['<b>', 'x</b>'], 'text/plain': 'x' } },
        { output_type: 'error', ename: 'E', evalue: 'v', traceback: ['\u001b[0;31mE\u001b[0m: v'] },
        { output_type: 'display_data', data: { 'image/svg+xml': '<svg/>' } },
        { output_type: 'display_data', data: { 'application/x-unknown': {} } },
      ],
    },
  ]);
  expect(cells).toEqual([
    { kind: 'markdown', source: '# Title\ntext', count: null, outputs: [] },
    {
      kind: 'code',
      source: 'plot()',
      count: 3,
      outputs: [
        { kind: 'text', text: 'a\nb', isError: false },
        { kind: 'image', url: 'data:image/png;base64,iVBORw==' },
        { kind: 'html', html: '<b>x</b>' },
        { kind: 'text', text: 'E: v', isError: true },
        { kind: 'image', url: 'data:image/svg+xml,%3Csvg%2F%3E' },
      ],
    },
  ]);
});

it('an image that is no base64 is not put into an address', () => {
  const data = { 'image/png': '"><script>', 'text/plain': 'figure' };
  const { cells } = notebook([{ cell_type: 'code', source: '', outputs: [{ output_type: 'display_data', data }] }]);
  expect(cells[0]?.outputs).toEqual([{ kind: 'text', text: 'figure', isError: false }]);
});

it('only so many cells, frames and characters are shown', () => {
  const html = { output_type: 'display_data', data: { 'text/html': 'h', 'text/plain': 'p' } };
  const cells = Array.from({ length: 400 }, () => ({ cell_type: 'code', source: 'x'.repeat(30_000), outputs: [html] }));
  const shown = notebook(cells);
  expect(shown.cells).toHaveLength(300);
  expect(shown.cellsLeft).toBe(100);
  expect(shown.cells[0]?.source).toContain('10000 more characters');
  expect(shown.cells.flatMap(({ outputs }) => outputs).filter(({ kind }) => kind === 'html')).toHaveLength(20);
});

it.each([
  ['{"nbformat": 4, "cells": [', 'The notebook is not valid JSON.'],
  ['[]', 'The file is not a notebook.'],
  ['{"nbformat": 4, "cells": {}}', 'The file is not a notebook.'],
  ['{"nbformat": 3, "worksheets": []}', 'The notebook has the old format 3; only format 4 is shown.'],
])('%s is refused', (json, message) => {
  expect(() => readNotebook(json)).toThrow(expect.objectContaining({ code: 'bad-input', message }));
});
