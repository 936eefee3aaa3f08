import type { Caller } from '../../shared/tokens.ts';

/** The key as it is kept: two programs that choose the same one mean different jobs. */
export function jobKey(key: string | undefined, caller: Caller): string | undefined {
  return key === undefined || caller.kind === 'owner' ? key : `${caller.token.id} ${key}`;
}
