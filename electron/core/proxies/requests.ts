import type { HandlersOf } from '../../shared/contract/index.ts';
import type * as contract from '../../shared/contract/proxies.ts';
import type { SshConfigInclude } from './ssh-include.ts';

export const proxyRequests = (include: SshConfigInclude): HandlersOf<keyof typeof contract.requests> => ({
  'proxies.sshInclude': () => include.describe(),
  'proxies.addSshInclude': () => include.add(),
  'proxies.removeSshInclude': () => include.remove(),
});
