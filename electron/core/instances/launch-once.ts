import { AppError } from '../../shared/errors.ts';
import type { LaunchInput } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import type { Caller } from '../../shared/tokens.ts';
import type { Clock } from '../deps.ts';
import { hashInput } from '../hash-input.ts';
import type { Storage } from '../storage/types.ts';
import { newInstanceId } from './meta.ts';
import type { Instances, LaunchOptions } from './types.ts';

interface LaunchOnceDeps {
  instances: Pick<Instances, 'launch'>;
  storage: Pick<Storage, 'findInstance' | 'findLaunchKey' | 'saveLaunchKey' | 'removeLaunchKey'>;
  clock: Clock;
}

interface Keyed {
  key: string;
  /** Keys of one caller are its own. */
  caller: Caller;
}

/**
 * Launches once for a key, whatever crashes: the id is written down first, and a repeated request finds the instance or makes it.
 * @throws AppError `key-reused` where the key belongs to another input
 */
export function launchOnce(
  { instances, storage, clock }: LaunchOnceDeps,
  { key, caller }: Keyed,
  input: LaunchInput,
  options: Pick<LaunchOptions, 'admit'>,
): { id: string } {
  const own = `${caller.kind === 'token' ? caller.token.id : 'owner'} ${key}`;
  const inputHash = hashInput(input);
  const known = storage.findLaunchKey(own);
  if (known && known.inputHash !== inputHash) {
    throw new AppError('key-reused', message`The key ${{ key }} was used for another launch.`, {
      hint: 'Use a new key for each launch; the same key repeats the same request.',
    });
  }
  if (known && storage.findInstance(known.instanceId)) return { id: known.instanceId };
  const id = known?.instanceId ?? newInstanceId();
  storage.saveLaunchKey(own, { inputHash, instanceId: id }, clock.now());
  try {
    return instances.launch(input, { ...options, id });
  } catch (error) {
    // Nothing was made, so the key is free again.
    storage.removeLaunchKey(own);
    throw error;
  }
}
