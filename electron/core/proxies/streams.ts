import { PassThrough } from 'node:stream';
import type { StreamHandlersOf } from '../byte-streams.ts';
import type { Proxies } from './proxies.ts';

export function proxyStreams(proxies: Proxies): StreamHandlersOf<'proxies.connect'> {
  return {
    async 'proxies.connect'({ target, hostName }, signal) {
      const stderr = new PassThrough();
      const { data, ended, via, user, node } = await proxies.open(target, {
        hostName,
        signal,
        stderr,
      });
      const closed = ended.then(() => {
        stderr.end();
        return {};
      });
      return { opened: { via, user, node }, data, stderr, closed, control: () => undefined };
    },
  };
}
