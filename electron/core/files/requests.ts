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
    'files.copy': (wanted, signal) => files.copy(wanted, signal),
    'files.setMode': (wanted, signal) => files.setMode(wanted, signal),
    'files.space': (wanted, signal) => files.space(wanted, signal),
    'files.trash': (wanted, signal) => files.trash(wanted, signal),
    'files.restore': (wanted, signal) => files.restore(wanted, signal),
    'files.trashed': (wanted, signal) => files.trashed(wanted, signal),
    'files.remove': (wanted, signal) => files.remove(wanted, signal),
  };
}
