import type { HandlersOf } from '../../shared/contract/index.ts';
import type * as contract from '../../shared/contract/instances.ts';
import type { Gateway } from '../gateway/types.ts';
import type { Instances } from './types.ts';

export function instanceRequests(
  instances: Instances,
  gateway: Pick<Gateway, 'browserLink' | 'access'>,
): HandlersOf<keyof typeof contract.requests> {
  return {
    'instances.launch': (input) => instances.launch(input),
    'instances.stop': ({ id }) => instances.stop(id),
    'instances.end': ({ id }) => instances.end(id),
    'instances.release': ({ id }) => instances.release(id),
    'instances.remove': ({ id }) => instances.remove(id),
    'instances.continue': ({ id }) => instances.continueLaunch(id),
    'instances.forget': ({ id }) => instances.forget(id),
    'instances.log': ({ id, offset }) => instances.log(id, offset),
    'instances.note': ({ id, label }) => ({ value: instances.note(id, label) }),
    'instances.sshCommand': ({ id }) => ({ command: instances.sshCommand(id) }),
    'instances.exposure': ({ id }) => instances.exposure(id),
    'instances.viewAccess': ({ id }) => gateway.access(instances.get(id).id),
    'instances.resume': () => instances.start(),
    'instances.browserLink': async ({ id }) => ({ url: await gateway.browserLink(id) }),
  };
}
