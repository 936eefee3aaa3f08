import { clusterSource } from './cluster-source.ts';
import type { FileSource } from './file-source.ts';
import type { Source } from './places.ts';

/** Whether files of this computer can be shown. */
export const hasLocalFiles = false;

export const fileSource = (source: Source): FileSource =>
  clusterSource(source.kind === 'cluster' ? source.clusterId : '');
