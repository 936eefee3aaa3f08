import { producedStream, type StreamHandlersOf } from '../byte-streams.ts';
import { packArchive } from '../files/archive.ts';
import { sftpPath } from '../files/paths.ts';
import { withConnection } from '../ssh/pool/with-connection.ts';
import type { Connections } from '../ssh/types.ts';
import type { Jobs } from './types.ts';

interface JobStreamDeps {
  jobs: Pick<Jobs, 'locate' | 'locateWrite'>;
  connections: Pick<Connections, 'acquire'>;
  /** What carries the bytes, here as for every other file of a cluster. */
  files: StreamHandlersOf<'files.upload' | 'files.download'>;
}

type Names = 'jobs.upload' | 'jobs.download' | 'jobs.downloadArchive';

export function jobStreams({ jobs, files, connections }: JobStreamDeps): StreamHandlersOf<Names> {
  return {
    async 'jobs.upload'({ id, path, mode, size, ifVersion }, signal) {
      const { clusterId, directory } = await jobs.locateWrite(id, path, signal);
      return files['files.upload']({ clusterId, path: `${directory}/${path}`, mode, size, ifVersion }, signal);
    },
    async 'jobs.download'({ id, path, ...part }, signal) {
      const { clusterId, directory } = await jobs.locate(id, signal);
      return files['files.download']({ clusterId, path: `${directory}/${path}`, ...part }, signal);
    },
    async 'jobs.downloadArchive'({ id }, opening) {
      const { clusterId, directory } = await jobs.locate(id, opening);
      // The link leads to the technical directory of the job.
      const link = { name: 'job.log', target: `.tunel/${id}/log` };
      return producedStream({}, (write, signal) =>
        withConnection(connections, clusterId, signal, async (connection) => ({
          bytes: await packArchive(connection, sftpPath(directory), write, { signal, link }),
        })),
      );
    },
  };
}
