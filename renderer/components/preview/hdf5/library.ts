export type Hdf5Library = typeof import('h5wasm') & { printed: string[] };

/** The HDF5 library, and what it prints about errors. It takes its way to print them when it is loaded. */
export async function loadHdf5(): Promise<Hdf5Library> {
  const printed: string[] = [];
  const print = console.error;
  console.error = (line: unknown) => void printed.push(String(line));
  try {
    const library = await import('h5wasm');
    await library.ready;
    return { ...library, Module: library.Module, FS: library.FS, printed };
  } finally {
    console.error = print;
  }
}

/** Lets WebAssembly use so many bytes of memory at most; what needs more fails as where memory is full. */
export function limitMemory(bytes: number): void {
  const { prototype } = WebAssembly.Memory;
  const grow = prototype.grow;
  prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * 65_536 > bytes) throw new RangeError('The memory limit is reached.');
    return grow.call(this, pages);
  };
}
