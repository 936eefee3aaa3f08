import type { HandlersOf } from '../../shared/contract/index.ts';
import type * as contract from '../../shared/contract/instances.ts';
import type { Resources } from '../../shared/instances.ts';
import type { Caller } from '../../shared/tokens.ts';
import type { Clock } from '../deps.ts';
import type { Gateway } from '../gateway/types.ts';
import { launchOnce } from './launch-once.ts';
import type { Instances } from './types.ts';

interface InstanceRequestDeps {
  instances: Instances;
  gateway: Pick<Gateway, 'browserLink' | 'access'>;
  storage: Parameters<typeof launchOnce>[0]['storage'];
  clock: Clock;
  /** @throws AppError `token-limit` */
  admitSubmission: (caller: Caller, resources: Resources) => void;
}

export function instanceRequests(deps: InstanceRequestDeps): HandlersOf<keyof typeof contract.requests> {
  const { instances, gateway } = deps;
  const admitBy = (caller: Caller) => ({ admit: (resources: Resources) => deps.admitSubmission(caller, resources) });
  return {
    'instances.launch': ({ key, ...input }, _signal, caller) => {
      const options = admitBy(caller);
      return key === undefined ? instances.launch(input, options) : launchOnce(deps, { key, caller }, input, options);
    },
    'instances.stop': ({ id }) => instances.stop(id),
    'instances.end': ({ id }) => instances.end(id),
    'instances.release': ({ id }) => instances.release(id),
    'instances.remove': ({ id }) => instances.remove(id),
    'instances.continue': ({ id }, _signal, caller) => instances.continueLaunch(id, admitBy(caller)),
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
