import { beforeAll, describe, expect, it } from 'vitest';
import { hdf5Reader } from '../../../renderer/components/preview/hdf5/hdf5-reader.ts';
import { type Hdf5Library, loadHdf5 } from '../../../renderer/components/preview/hdf5/library.ts';

let library: Hdf5Library;
let whole: Uint8Array<ArrayBuffer>;
const largeStart = 4_000_000;

/** Written by the library itself, as h5py would write it. */
function writeFile(write: (file: InstanceType<Hdf5Library['File']>) => void): Uint8Array<ArrayBuffer> {
  const file = new library.File('written.h5', 'w');
  write(file);
  file.flush();
  file.close();
  return new Uint8Array(library.FS?.readFile('written.h5') ?? []);
}

beforeAll(async () => {
  library = await loadHdf5();
  whole = writeFile((file) => {
    file.create_attribute('creator', 'a test');
    const entry = file.create_group('entry');
    entry.create_attribute('NX_class', 'NXentry');
    entry.create_attribute('limits', new Float32Array([0.5, 2.5]), [2]);
    const curve = Float64Array.from({ length: largeStart }, (_, index) => Math.sin(index / 1000));
    entry.create_dataset({ name: 'curve', data: curve, shape: [largeStart] });
    const image = Int32Array.from({ length: 300 * 200 }, (_, index) => index);
    entry.create_dataset({ name: 'image', data: image, shape: [300, 200], chunks: [50, 50], compression: 'gzip' });
    entry.create_dataset({ name: 'stack', data: Uint8Array.from({ length: 24 }, (_, i) => i), shape: [2, 3, 4] });
    entry.create_dataset({ name: 'names', data: ['a', 'bb', 'ccc'] });
    entry.create_dataset({ name: 'one', data: 7 });
    file.create_soft_link('/entry', 'again');
    file.create_soft_link('/nowhere', 'broken');
    file.create_soft_link('/round', 'round');
    file.create_external_link('other.h5', '/x', 'outside');
    file.create_hard_link('/', 'entry/root');
  });
});

function open(bytes: Uint8Array<ArrayBuffer>, size = bytes.length) {
  const reads: number[] = [];
  const reader = hdf5Reader(
    () => Promise.resolve(library),
    size,
    async (offset, length) => {
      reads.push(length);
      return bytes.slice(offset, offset + length);
    },
  );
  return { reader, bytesRead: () => reads.reduce((all, each) => all + each, 0) };
}

describe('an HDF5 file that is read by ranges', () => {
  it('lists a group with the shapes and types of its datasets', async () => {
    const { reader, bytesRead } = open(whole);
    expect((await reader.list('/')).entries.map(({ name, kind, note }) => [name, kind, note])).toEqual([
      ['again', 'group', ''],
      ['broken', 'link', '/nowhere'],
      ['entry', 'group', ''],
      ['outside', 'link', 'other.h5: /x'],
      ['round', 'group', ''],
    ]);
    const { entries } = await reader.list('/entry');
    expect(entries).toContainEqual({
      name: 'image',
      path: '/entry/image',
      kind: 'dataset',
      shape: [300, 200],
      note: 'int32',
    });
    expect(bytesRead()).toBeLessThan(whole.length / 10);
  });

  it('shows attributes, and the first values of datasets of each shape', async () => {
    const { reader, bytesRead } = open(whole);
    expect(await reader.show({ path: '/entry', at: [] })).toMatchObject({
      attributes: [
        { name: 'NX_class', value: 'NXentry' },
        { name: 'limits', value: '[0.5, 2.5]' },
      ],
      dataset: null,
    });
    const image = await reader.show({ path: '/entry/image', at: [] });
    expect(image).toMatchObject({
      dataset: { shape: [300, 200], type: 'int32', storage: 'chunks of 50 × 50, deflate' },
      slab: { rows: 300, columns: 200, isCut: false },
    });
    expect(image.slab?.numbers?.[201]).toBe(201);
    expect(image.slab?.cells[1]?.slice(0, 2)).toEqual(['200', '201']);
    const stack = await reader.show({ path: '/entry/stack', at: [1] });
    expect(stack.slab?.cells).toEqual([
      ['12', '13', '14', '15'],
      ['16', '17', '18', '19'],
      ['20', '21', '22', '23'],
    ]);
    expect((await reader.show({ path: '/entry/names', at: [] })).slab).toMatchObject({
      numbers: null,
      cells: [['a'], ['bb'], ['ccc']],
    });
    expect((await reader.show({ path: '/entry/one', at: [] })).slab?.cells).toEqual([['7']]);
    const curve = await reader.show({ path: '/entry/curve', at: [] });
    expect(curve.slab).toMatchObject({ rows: 262_144, columns: 1, isCut: true });
    expect(bytesRead()).toBeLessThan(whole.length / 5);
  });

  it('follows links that go in a circle only as far as it is asked', async () => {
    const { reader } = open(whole);
    const deep = `/entry${'/root/entry'.repeat(20)}`;
    expect((await reader.list(deep)).entries.map(({ name }) => name)).toContain('image');
    await expect(reader.show({ path: '/round', at: [] })).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('an HDF5 file that is hostile or damaged', () => {
  it('is refused where it is cut off, or no such file', async () => {
    const short = whole.slice(0, 100_000);
    await expect(open(short).reader.list('/')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(open(new Uint8Array(5000)).reader.list('/')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(open(short, whole.length).reader.list('/')).rejects.toMatchObject({ code: 'file-changed' });
  });

  it('is said to be of the classic NetCDF format where it is', async () => {
    const classic = new Uint8Array(500);
    classic.set([0x43, 0x44, 0x46, 0x02]);
    await expect(open(classic).reader.list('/')).rejects.toThrow(/classic NetCDF format/);
  });

  it('is not read where its dimensions or its chunks are huge', async () => {
    const bytes = writeFile((file) => {
      file.create_dataset({
        name: 'huge',
        data: new Float64Array(4),
        shape: [2, 2],
        maxshape: [null, null],
        chunks: [5000, 5000],
      });
      file.create_dataset({ name: 'wide', data: new Float64Array(4), shape: [4], maxshape: [null], chunks: [1000] });
      const wide = file.get('wide');
      if (wide instanceof library.Dataset) wide.resize([1e15]);
    });
    const { reader, bytesRead } = open(bytes);
    expect((await reader.show({ path: '/huge', at: [] })).why).toBe(
      'Its chunks are 200 MB each; chunks of more than 67 MB are not read here.',
    );
    expect((await reader.show({ path: '/wide', at: [] })).slab).toMatchObject({ rows: 262_144, isCut: true });
    expect(bytesRead()).toBeLessThan(bytes.length + 1);
  });

  it('lists the first of many entries', async () => {
    const bytes = writeFile((file) => {
      for (let at = 0; at < 600; at += 1) file.create_group(`group-${at}`);
    });
    const { reader } = open(bytes);
    const list = await reader.list('/');
    expect(list.total).toBe(600);
    expect(list.entries).toHaveLength(500);
  });
});

it('whatever single bytes of the metadata are changed, there is an answer or an error with a code', async () => {
  const small = writeFile((file) => {
    const group = file.create_group('g');
    group.create_dataset({ name: 'd', data: [1, 2, 3] });
    group.create_dataset({ name: 's', data: ['x', 'y'] });
  });
  for (let at = 0; at < small.length; at += 37) {
    const changed = small.slice();
    changed[at] = (changed[at] ?? 0) ^ 0xff;
    const { reader } = open(changed);
    for (const asked of [
      reader.list('/g'),
      reader.show({ path: '/g/d', at: [] }),
      reader.show({ path: '/g/s', at: [] }),
    ]) {
      const answer = await asked.then(
        () => 'answered',
        (error: { code: string }) => error.code,
      );
      expect(['answered', 'bad-input', 'file-changed', 'limit-exceeded']).toContain(answer);
    }
  }
});
