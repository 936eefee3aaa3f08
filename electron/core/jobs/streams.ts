import type { StreamHandlersOf } from '../byte-streams.ts';
import type { Jobs } from './types.ts';

interface JobStreamDeps {
  jobs: Pick<Jobs, 'locate' | 'locateWrite'>;
  /** What carries the bytes, here as for every other file of a cluster. */
  files: StreamHandlersOf<'files.upload' | 'files.download' | 'files.downloadArchive'>;
}

type Names = 'jobs.upload' | 'jobs.download' | 'jobs.downloadArchive';

export function jobStreams({ jobs, files }: JobStreamDeps): StreamHandlersOf<Names> {
  return {
    async 'jobs.upload'({ id, path, mode, size, ifVersion }, signal) {
      const { clusterId, directory } = await jobs.locateWrite(id, path, signal);
      return files['files.upload']({ clusterId, path: `${directory}/${path}`, mode, size, ifVersion }, signal);
    },
    async 'jobs.download'({ id, path, ...part }, signal) {
      const { clusterId, directory } = await jobs.locate(id, signal);
      return files['files.download']({ clusterId, path: `${directory}/${path}`, ...part }, signal);
    },
    async 'jobs.downloadArchive'({ id }, signal) {
      const { clusterId, directory } = await jobs.locate(id, signal);
      return files['files.downloadArchive']({ clusterId, path: directory }, signal);
    },
  };
}
