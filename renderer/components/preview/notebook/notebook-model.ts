import { z } from 'zod';
import { AppError } from '../../../../electron/shared/errors.ts';

/** More cells are not shown. */
const MOST_CELLS = 300;
/** More outputs of one cell are not shown. */
const MOST_OUTPUTS = 50;
/** A longer text is cut, characters. */
const MOST_TEXT = 20_000;
/** More HTML outputs are shown as text: each has a frame of its own. */
const MOST_FRAMES = 20;

const text = z
  .union([z.string(), z.array(z.string())])
  .transform((each) => (typeof each === 'string' ? each : each.join('')));
const bundle = z.record(z.string(), z.unknown());
const outputSchema = z.looseObject({
  output_type: z.string(),
  text: text.optional(),
  data: bundle.optional(),
  traceback: z.array(z.string()).optional(),
  ename: z.string().optional(),
  evalue: z.string().optional(),
});
const notebookSchema = z.looseObject({
  nbformat: z.number(),
  cells: z
    .array(
      z.looseObject({
        cell_type: z.string(),
        source: text.default(''),
        execution_count: z.number().nullish(),
        outputs: z.array(outputSchema).default([]),
      }),
    )
    .default([]),
});

export type CellOutput =
  | { kind: 'text'; text: string; isError: boolean }
  | { kind: 'image'; url: string }
  | { kind: 'html'; html: string };

export interface NotebookCell {
  kind: 'markdown' | 'code' | 'raw';
  source: string;
  /** null: it was not run. */
  count: number | null;
  outputs: CellOutput[];
}

export interface Notebook {
  cells: NotebookCell[];
  /** So many cells are not shown. */
  cellsLeft: number;
}

const cut = (value: string): string =>
  value.length > MOST_TEXT ? `${value.slice(0, MOST_TEXT)}\n… ${value.length - MOST_TEXT} more characters` : value;

/** Without the colours of a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with a control character
const plain = (value: string): string => cut(value.replace(/\u001b\[[0-9;]*[A-Za-z]/g, ''));

const images = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const isBase64 = /^[A-Za-z0-9+/=\s]+$/;

/** @throws AppError */
export function readNotebook(json: string): Notebook {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new AppError('bad-input', 'The notebook is not valid JSON.', { detail: String(error) });
  }
  const read = notebookSchema.safeParse(value);
  if (!read.success) {
    throw new AppError('bad-input', 'The file is not a notebook.', {
      detail: z.prettifyError(read.error).slice(0, 1000),
    });
  }
  if (read.data.nbformat < 4) {
    throw new AppError('bad-input', `The notebook has the old format ${read.data.nbformat}; only format 4 is shown.`, {
      hint: 'Convert it: jupyter nbconvert --to notebook --nbformat 4',
    });
  }
  let frames = MOST_FRAMES;
  const outputOf = (output: z.infer<typeof outputSchema>): CellOutput | null => {
    const shown = showOutput(output, frames > 0);
    if (shown?.kind === 'html') frames -= 1;
    return shown;
  };
  const cells = read.data.cells
    .slice(0, MOST_CELLS)
    .map(({ cell_type: type, source, execution_count: count, outputs }) => ({
      kind: cellKind(type),
      source: cut(source),
      count: count ?? null,
      outputs: outputs.slice(0, MOST_OUTPUTS).flatMap((output) => outputOf(output) ?? []),
    }));
  return { cells, cellsLeft: read.data.cells.length - cells.length };
}

const cellKind = (type: string): NotebookCell['kind'] => (type === 'markdown' || type === 'code' ? type : 'raw');

function showOutput(output: z.infer<typeof outputSchema>, mayFrame: boolean): CellOutput | null {
  if (output.output_type === 'error') {
    const traceback = output.traceback?.join('\n') ?? `${output.ename ?? 'Error'}: ${output.evalue ?? ''}`;
    return { kind: 'text', text: plain(traceback), isError: true };
  }
  if (output.text !== undefined) return { kind: 'text', text: plain(output.text), isError: false };
  const { data } = output;
  if (!data) return null;
  const part = (type: string): string | null => {
    const found = Object.hasOwn(data, type) ? text.safeParse(data[type]) : null;
    return found?.success ? found.data : null;
  };
  const html = part('text/html');
  if (html !== null && mayFrame) return { kind: 'html', html };
  for (const type of images) {
    const base64 = part(type);
    if (base64 !== null && isBase64.test(base64))
      return { kind: 'image', url: `data:${type};base64,${base64.replace(/\s/g, '')}` };
  }
  const svg = part('image/svg+xml');
  if (svg !== null) return { kind: 'image', url: `data:image/svg+xml,${encodeURIComponent(svg)}` };
  const shown = part('text/plain') ?? part('text/markdown') ?? html;
  return shown === null ? null : { kind: 'text', text: plain(shown), isError: false };
}
