import type * as contract from '../../shared/contract/files.ts';
import type { HandlersOf } from '../../shared/contract/index.ts';
import type { Files } from './files.ts';

export function fileRequests(files: Files): HandlersOf<keyof typeof contract.requests> {
  return {
    'files.list': (wanted, signal) => files.list(wanted, signal),
    'files.places': (wanted, signal) => files.places(wanted, signal),
    'files.stat': (wanted, signal) => files.stat(wanted, signal),
    'files.usage': (wanted, signal) => files.usage(wanted, signal),
    'files.makeDirectory': (wanted, signal) => files.makeDirectory(wanted, signal),
    'files.move': (wanted, signal) => files.move(wanted, signal),
    'files.remove': (wanted, signal) => files.remove(wanted, signal),
  };
}
