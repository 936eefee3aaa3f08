import type { HandlersOf } from '../../shared/contract/index.ts';
import type * as contract from '../../shared/contract/jobs.ts';
import type { Resources } from '../../shared/instances.ts';
import { type Caller, visibleClusters } from '../../shared/tokens.ts';
import { jobKey } from './job-key.ts';
import type { Jobs } from './types.ts';

export function jobRequests(
  jobs: Jobs,
  admit: (caller: Caller, resources: Resources) => void,
): HandlersOf<keyof typeof contract.requests> {
  return {
    'jobs.create': (input, signal, caller) => jobs.create({ ...input, key: jobKey(input.key, caller) }, signal),
    'jobs.update': (input, signal) => jobs.update(input, signal),
    'jobs.check': (input, signal) => jobs.check(input, signal),
    'jobs.submit': ({ id }, signal, caller) => jobs.submit(id, signal, (resources) => admit(caller, resources)),
    'jobs.cancel': ({ id }) => jobs.cancel(id),
    'jobs.hold': ({ id }) => jobs.hold(id),
    'jobs.release': ({ id }) => jobs.release(id),
    'jobs.rerun': (input, signal, caller) => jobs.rerun({ ...input, key: jobKey(input.key, caller) }, signal),
    'jobs.archive': ({ id, archived }) => jobs.archive(id, archived),
    'jobs.remove': ({ id }, signal) => jobs.remove(id, signal),
    'jobs.get': ({ id }) => jobs.get(id),
    'jobs.query': (input, _signal, caller) => jobs.query(input, visibleClusters(caller)),
    'jobs.tasks': (input, signal) => jobs.tasks(input, signal),
    'jobs.log': ({ id, offset }) => jobs.log(id, offset),
    'jobs.files': ({ id, path }, signal) => jobs.files(id, path, signal),
    'jobs.removeFile': ({ id, path }, signal) => jobs.removeFile(id, path, signal),
  };
}
