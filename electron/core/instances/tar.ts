import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

export interface TarFile {
  /** Relative, with `/`. */
  name: string;
  data: Uint8Array;
  mode: number;
}

/** An archive of regular files; directories are made by the extracting tar. */
export async function makeTar(files: readonly TarFile[]): Promise<Uint8Array> {
  const archive = pack();
  const bytes = buffer(archive);
  for (const { name, data, mode } of files) archive.entry({ name, mode, mtime: new Date(0) }, Buffer.from(data));
  archive.finalize();
  return bytes;
}
