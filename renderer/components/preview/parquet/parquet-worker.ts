import { serveReader } from '../worker/serve-reader.ts';
import { parquetReader } from './parquet-reader.ts';

serveReader(parquetReader);
