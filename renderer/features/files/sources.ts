import { clusterSource } from './cluster-source.ts';
import type { FileSource } from './file-source.ts';
import { localSource } from './local-source.ts';
import type { Source } from './places.ts';

export const fileSource = (source: Source): FileSource =>
  source.kind === 'local' ? localSource : clusterSource(source.clusterId);
