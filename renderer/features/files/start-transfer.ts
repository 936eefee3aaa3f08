import type { RequestInput } from '../../../electron/shared/contract/index.ts';
import { toLocalPath } from '../../../electron/shared/local-path.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import type { Place, Source } from './places.ts';
import { useTransferOptions } from './transfer-options.ts';

type Asked = Pick<
  RequestInput<'transfers.start'>,
  'direction' | 'clusterId' | 'toClusterId' | 'sources' | 'destination'
>;

/** The transfer that copies files of one computer into a folder of another; null: both are this computer. */
export function transferFor(source: Source, paths: readonly string[], to: Place, isWindows: boolean): Asked | null {
  const local = (path: string) => toLocalPath(path, isWindows);
  if (source.kind === 'local') {
    if (to.source.kind === 'local') return null;
    return { direction: 'upload', clusterId: to.source.clusterId, sources: paths.map(local), destination: to.path };
  }
  const { clusterId } = source;
  const sources = [...paths];
  if (to.source.kind === 'local') return { direction: 'download', clusterId, sources, destination: local(to.path) };
  return { direction: 'copy', clusterId, toClusterId: to.source.clusterId, sources, destination: to.path };
}

/** Copies files to another computer; the engine goes on with it whatever the page shows. */
export async function startTransfer(source: Source, paths: readonly string[], to: Place): Promise<void> {
  const asked = transferFor(source, paths, to, window.tunel.platform === 'win32');
  if (!asked) return;
  const options = useTransferOptions.getState();
  await attempt('The transfer did not start', invoke('transfers.start', { ...asked, ...options }));
}
