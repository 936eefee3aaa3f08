import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { Logger, Secrets } from '../deps.ts';

const service = 'Tunel';
/** An absent keyring answers within 0.1 s; one that asks the user to unlock can wait for ever. */
const probeLimit = 4000;
const useLimit = 30_000;

const keytarSchema = z.object({
  getPassword: z.custom<(service: string, account: string) => Promise<string | null>>((f) => typeof f === 'function'),
  setPassword: z.custom<(service: string, account: string, password: string) => Promise<void>>(
    (f) => typeof f === 'function',
  ),
  deletePassword: z.custom<(service: string, account: string) => Promise<boolean>>((f) => typeof f === 'function'),
  findCredentials: z.custom<(service: string) => Promise<{ account: string; password: string }[]>>(
    (f) => typeof f === 'function',
  ),
});
type Keytar = z.infer<typeof keytarSchema>;

/** The system's keychain where a canary can be written and read back; otherwise this process's memory, with the reason. */
export async function openSecrets(logger: Logger): Promise<Secrets> {
  try {
    const loaded: unknown = await import('keytar');
    const keytar = keytarSchema.parse(z.object({ default: z.unknown() }).parse(loaded).default);
    const canary = `canary:${randomUUID()}`;
    await within(probeLimit, keytar.setPassword(service, canary, canary));
    const back = await within(probeLimit, keytar.getPassword(service, canary));
    await within(probeLimit, keytar.deletePassword(service, canary));
    if (back !== canary) throw new Error('what was written could not be read back');
    return keychainSecrets(keytar);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    logger.warn('no system keychain, secrets stay in memory', { reason });
    return memorySecrets(reason);
  }
}

function keychainSecrets(keytar: Keytar): Secrets {
  const guarded = async <T>(what: string, work: Promise<T>): Promise<T> => {
    try {
      return await within(useLimit, work);
    } catch (cause) {
      throw new AppError('keychain', `The system keychain did not ${what}.`, {
        hint: 'Unlock it, then try again.',
        detail: cause instanceof Error ? cause.message : String(cause),
        cause,
      });
    }
  };
  return {
    kind: 'system',
    reason: '',
    get: (account) => guarded('answer', keytar.getPassword(service, account)),
    set: (account, secret) => guarded('save', keytar.setPassword(service, account, secret)),
    async remove(account) {
      await guarded('remove the entry', keytar.deletePassword(service, account));
    },
    async list(prefix) {
      const found = await guarded('answer', keytar.findCredentials(service));
      return found.map(({ account }) => account).filter((account) => account.startsWith(prefix));
    },
  };
}

/** Secrets until the process ends. */
export function memorySecrets(reason: string): Secrets {
  const kept = new Map<string, string>();
  return {
    kind: 'memory',
    reason,
    get: async (account) => kept.get(account) ?? null,
    set: async (account, secret) => {
      kept.set(account, secret);
    },
    remove: async (account) => {
      kept.delete(account);
    },
    list: async (prefix) => [...kept.keys()].filter((account) => account.startsWith(prefix)),
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the keychain did not answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
