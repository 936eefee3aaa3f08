import type { Hdf5Library } from './library.ts';

const guarded = new WeakSet<object>();

/**
 * A read that fails leaves whatever was in memory: the library takes it as values, and as pointers that it frees. So that
 * memory is zero before, and a failure is thrown.
 */
export function guardReads({ Module }: Hdf5Library): void {
  if (guarded.has(Module)) return;
  guarded.add(Module);
  const readDataset = Module.get_dataset_data;
  Module.get_dataset_data = (file, path, count, offset, strides, target) => {
    const { size, total_size: total } = Module.get_dataset_metadata(file, path);
    const values = count ? Number(count.reduce((all, each) => all * each, 1n)) : total;
    zero(Number(target), size * values);
    if (readDataset(file, path, count, offset, strides, target) < 0) throw new Error(`${path} cannot be read.`);
    return 0;
  };
  const readAttribute = Module.get_attribute_data;
  Module.get_attribute_data = (file, path, name, target) => {
    const { size, total_size: total } = Module.get_attribute_metadata(BigInt(file.toString()), path, name);
    zero(Number(target), size * total);
    if (readAttribute(file, path, name, target) < 0) throw new Error(`${name} of ${path} cannot be read.`);
    return 0;
  };
  const zero = (from: number, bytes: number) => Module.HEAPU8.fill(0, from, from + bytes);
}
