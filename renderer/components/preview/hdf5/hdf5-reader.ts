import type { Dataset, File, Metadata } from 'h5wasm';
import { AppError } from '../../../../electron/shared/errors.ts';
import { formatFileSize } from '../../../text/size.ts';
import type { ReadRange } from '../worker/messages.ts';
import { showValue } from '../worker/show-value.ts';
import {
  type DataObject,
  type DataQuestion,
  type DataQuestions,
  type DataSlab,
  type DataTreeEntry,
  type DataTreeList,
  MOST_ATTRIBUTES,
  MOST_ENTRIES,
  showCells,
  slabOf,
} from './data-tree.ts';
import { describeType, isNumeric } from './describe-type.ts';
import { guardReads } from './guard-reads.ts';
import type { Hdf5Library } from './library.ts';
import { RangedFile } from './ranged-file.ts';

/** A larger attribute is not shown, bytes. */
const ATTRIBUTE_LIMIT = 256 * 1024;
/** The library reads whole chunks; larger ones are not read, bytes. */
const CHUNK_LIMIT = 64 * 1024 * 1024;
/** More bytes of values are not read at once. */
const VALUES_LIMIT = 32 * 1024 * 1024;
/** The filters that are part of the library. */
const KNOWN_FILTERS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6]);

const product = (numbers: readonly number[]): number => numbers.reduce((all, each) => all * each, 1);
const childPath = (group: string, name: string): string => (group === '/' ? `/${name}` : `${group}/${name}`);

/** Answers questions about an HDF5 file that is read by ranges. */
export function hdf5Reader(library: () => Promise<Hdf5Library>, size: number, read: ReadRange): DataQuestions {
  let opened: Promise<Hdf5Objects> | null = null;
  const open = async () => {
    await refuseClassic(read);
    const loaded = await library();
    const ranged = new RangedFile(loaded, size, read);
    return new Hdf5Objects(loaded, ranged, await ranged.open());
  };
  const objects = () => {
    opened ??= open();
    return opened;
  };
  return {
    list: async (path) => (await objects()).list(path),
    show: async (question) => (await objects()).show(question),
  };
}

/** NetCDF has two formats; only the newer one is HDF5. */
async function refuseClassic(read: ReadRange): Promise<void> {
  const start = await read(0, 4);
  const isNamed = new TextDecoder('latin1').decode(start.subarray(0, 3)) === 'CDF';
  if (!isNamed || ![1, 2, 5].includes(start[3] ?? 0)) return;
  throw new AppError('bad-input', 'The file has the classic NetCDF format, which is not shown here; NetCDF-4 is.', {
    hint: 'Convert it: nccopy -k nc4 OLD.nc NEW.nc',
  });
}

class Hdf5Objects {
  readonly #library: Hdf5Library;
  readonly #ranged: RangedFile;
  readonly #file: File;

  constructor(library: Hdf5Library, ranged: RangedFile, file: File) {
    guardReads(library);
    this.#library = library;
    this.#ranged = ranged;
    this.#file = file;
  }

  async list(path: string): Promise<DataTreeList> {
    const { Module } = this.#library;
    const names = await this.#ranged.run(() => Module.get_names(this.#file.file_id, path, false));
    const shown = names.slice(0, MOST_ENTRIES);
    // Each entry by itself, so that one round finds the missing blocks of all of them.
    const entries = await this.#ranged.run(() => shown.map((name) => this.#entry(name, childPath(path, name))), true);
    return { entries, total: names.length };
  }

  #entry(name: string, path: string): DataTreeEntry {
    const { Module } = this.#library;
    const { file_id: id } = this.#file;
    const none = { name, path, shape: null, note: '' };
    try {
      const type = Module.get_type(id, path);
      if (type === Module.H5G_GROUP) return { ...none, kind: 'group' };
      if (type === Module.H5G_TYPE) return { ...none, kind: 'type' };
      if (type === Module.H5G_LINK) return { ...none, kind: 'link', note: Module.get_symbolic_link(id, path) };
      if (type === Module.H5G_UDLINK) {
        const { filename, obj_path: target } = Module.get_external_link(id, path);
        return { ...none, kind: 'link', note: `${filename}: ${target}` };
      }
      if (type !== Module.H5G_DATASET) return { ...none, kind: 'link', note: 'cannot be read' };
      const metadata = Module.get_dataset_metadata(id, path);
      return { ...none, kind: 'dataset', shape: metadata.shape, note: describeType(metadata) };
    } catch {
      return { ...none, kind: 'link', note: 'cannot be read' };
    }
  }

  async show({ path, at }: DataQuestion): Promise<DataObject> {
    const { Module } = this.#library;
    const { file_id: id } = this.#file;
    const names = await this.#ranged.run(() => Module.get_attribute_names(id, path));
    const shown = names.slice(0, MOST_ATTRIBUTES);
    const attributes = await this.#ranged.run(
      () => shown.map((name) => ({ name, value: this.#attribute(path, name) })),
      true,
    );
    const about = { attributes, attributesLeft: names.length - shown.length };
    const dataset = await this.#ranged.run(() => {
      const found = this.#file.get(path);
      return found instanceof this.#library.Dataset ? found : null;
    });
    if (!dataset) return { ...about, dataset: null, slab: null, why: '' };
    const { metadata, filters } = await this.#ranged.run(() => ({
      metadata: Module.get_dataset_metadata(id, path),
      filters: Module.get_dataset_filters(id, path),
    }));
    const { shape } = metadata;
    const known = filters.map((filter) => filter.name || String(filter.id)).join(', ');
    const chunks = metadata.chunks ? `chunks of ${metadata.chunks.join(' × ')}` : 'in one piece';
    const storage = known === '' ? chunks : `${chunks}, ${known}`;
    const described = { ...about, dataset: { shape, type: describeType(metadata), storage } };
    const unknown = filters.find((filter) => !KNOWN_FILTERS.has(filter.id));
    if (unknown) {
      const name = unknown.name ? `${unknown.name} (${unknown.id})` : `filter ${unknown.id}`;
      return { ...described, slab: null, why: `It is compressed with ${name}, which cannot be read here.` };
    }
    const why = whyNotRead(metadata);
    if (why !== '' || !shape) return { ...described, slab: null, why };
    return { ...described, slab: await this.#slab(dataset, metadata, shape, at), why: '' };
  }

  #attribute(path: string, name: string): string {
    try {
      const metadata = this.#library.Module.get_attribute_metadata(this.#file.file_id, path, name);
      const bytes = metadata.size * metadata.total_size;
      if (bytes > ATTRIBUTE_LIMIT) return `${describeType(metadata)}, ${formatFileSize(bytes)}`;
      return showValue(new this.#library.Attribute(this.#file.file_id, path, name).value);
    } catch {
      return 'cannot be read';
    }
  }

  #slab(dataset: Dataset, metadata: Metadata, shape: number[], at: readonly number[]): Promise<DataSlab> {
    const { rows, columns, ranges, isCut } = slabOf(shape, at);
    return this.#ranged.run(() => {
      const read = shape.length === 0 ? dataset.value : dataset.slice(ranges);
      const values = shape.length === 0 ? [read] : read;
      const valueAt = (index: number): unknown => (isIndexed(values) ? values[index] : undefined);
      const numbers = isNumeric(metadata) && isIndexed(values) ? Float64Array.from(values, Number) : null;
      return { rows, columns, isCut, numbers, cells: showCells(rows, columns, (index) => showValue(valueAt(index))) };
    });
  }
}

const isIndexed = (values: unknown): values is ArrayLike<unknown> & Iterable<unknown> =>
  Array.isArray(values) || (ArrayBuffer.isView(values) && 'length' in values);

/** Empty: its values can be read. */
function whyNotRead(metadata: Metadata): string {
  const { shape, size, chunks } = metadata;
  if (!shape) return 'It holds no values.';
  if (product(shape) === 0) return 'It is empty.';
  if (chunks && product(chunks) * size > CHUNK_LIMIT) {
    return `Its chunks are ${formatFileSize(product(chunks) * size)} each; chunks of more than ${formatFileSize(CHUNK_LIMIT)} are not read here.`;
  }
  const { rows, columns } = slabOf(shape, []);
  if (rows === 0 || rows * columns * size > VALUES_LIMIT) return 'Its values are too large to be shown here.';
  return '';
}
