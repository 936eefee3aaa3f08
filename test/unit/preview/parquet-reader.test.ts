import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkPages } from '../../../renderer/components/preview/parquet/check-pages.ts';
import { checkThrift } from '../../../renderer/components/preview/parquet/check-thrift.ts';
import { parquetReader } from '../../../renderer/components/preview/parquet/parquet-reader.ts';

const fixture = async (name: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await readFile(join(import.meta.dirname, '../../helpers/fixtures/data-files', name)));

const readTable = (bytes: Uint8Array<ArrayBuffer>, size = bytes.length) =>
  parquetReader(size, async (offset, length) => bytes.slice(offset, offset + length)).table();

describe('a Parquet file that is read by ranges', () => {
  it('shows its schema and its first rows, over the borders of row groups', async () => {
    const table = await readTable(await fixture('runs.parquet'));
    expect(table).toMatchObject({ rows: 300, rowGroups: 5, columnsLeft: 0 });
    expect(table.columns.map(({ name, type, why }) => [name, type, why])).toEqual([
      ['run', 'int64', ''],
      ['sample', 'utf8', ''],
      ['temperature', 'double', ''],
      ['taken', 'timestamp millis', ''],
      ['counts', 'json', ''],
      ['good', 'boolean', ''],
    ]);
    expect(table.values.map(({ length }) => length)).toEqual([100, 100, 100, 100, 100, 100]);
    expect(table.values.map((column) => column[63])).toEqual([
      '63',
      '',
      String(297 + Math.sin(63)),
      new Date(1_790_000_000_000 + 63 * 60_000).toISOString(),
      '{low: 63, peaks: [63, 64]}',
      'true',
    ]);
  });

  it('shows columns that are stored as several: structures and maps', async () => {
    const table = await readTable(await fixture('nested.parquet'));
    expect(table.columns.map(({ name, why }) => [name, why])).toEqual([
      ['run', ''],
      ['fit', ''],
      ['tags', ''],
    ]);
    expect(table.values.map((column) => [column.length, column[9]])).toEqual([
      [20, '9'],
      [20, '{low: 9, high: 2.25}'],
      [20, '{a: 9, b: 10}'],
    ]);
  });

  it('says how a column is compressed that cannot be read', async () => {
    const table = await readTable(await fixture('runs-gzip.parquet'));
    expect(table.columns[0]).toEqual({
      name: 'run',
      type: 'int64',
      why: 'It is compressed with GZIP, which cannot be read here.',
    });
  });
});

describe('a Parquet file that is hostile or damaged', () => {
  it('is refused where it is cut off, or says that its footer is longer than itself', async () => {
    const whole = await fixture('runs.parquet');
    await expect(readTable(whole.slice(0, 3000))).rejects.toMatchObject({ code: 'bad-input' });
    await expect(readTable(new Uint8Array(5))).rejects.toMatchObject({ code: 'bad-input' });
    const changed = whole.slice();
    changed.set([0xff, 0xff, 0xff, 0x7f], changed.length - 8);
    await expect(readTable(changed)).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('is not unpacked where its pages are said to be huge', async () => {
    const whole = await fixture('runs.parquet');
    // The size of the first page when it is unpacked: the field after its type.
    const [, head] = [whole[4], whole[6]];
    expect(head).toBe(0x15);
    const huge = whole.slice();
    const end = huge.indexOf(0x15, 7);
    huge.set([...new Array<number>(end - 8).fill(0xff), 0x7f], 7);
    const table = await readTable(huge);
    expect(table.columns[0]?.why).not.toBe('');
    expect(table.columns[1]?.why).toBe('');
  });

  it('has no list with more items than bytes', () => {
    // A structure with one field: a list of 2^31 - 1 values that take no bytes.
    const bytes = Uint8Array.from([0x19, 0xf1, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00]);
    expect(() => checkThrift(bytes, 0)).toThrow(RangeError);
    expect(() => checkThrift(new Uint8Array(1000).fill(0x1c), 0)).toThrow(RangeError);
  });

  it('is not unpacked where the header of a page has two kinds, and the second has very many values', () => {
    const header = [0x15, 0x04, 0x15, 0x08, 0x15, 0x00, 0x2c, 0x15, 0x02, 0x00];
    const dictionary = (count: number[]) => Uint8Array.from([...header, 0x2c, 0x15, ...count, 0x00, 0x00]);
    expect(() => checkPages(dictionary([0x04]))).not.toThrow();
    expect(() => checkPages(dictionary([0x80, 0x80, 0x80, 0x80, 0x08]))).toThrow(RangeError);
  });

  it('gives an answer or an error with a code, whatever single bytes are changed', async () => {
    const whole = await fixture('runs.parquet');
    for (let at = 0; at < whole.length; at += 29) {
      const changed = whole.slice();
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      const answer = await readTable(changed).then(
        () => 'answered',
        (error: { code: string }) => error.code,
      );
      expect(['answered', 'bad-input', 'limit-exceeded']).toContain(answer);
    }
  });
});
