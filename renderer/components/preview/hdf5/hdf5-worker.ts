import { serveReader } from '../worker/serve-reader.ts';
import { hdf5Reader } from './hdf5-reader.ts';
import { limitMemory, loadHdf5 } from './library.ts';

/** A hostile file may unpack to any size. */
const MEMORY_LIMIT = 512 * 1024 * 1024;

limitMemory(MEMORY_LIMIT);
serveReader((size, read) => hdf5Reader(loadHdf5, size, read));
