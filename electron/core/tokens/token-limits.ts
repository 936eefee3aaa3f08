import type { ByteStream } from '../../client/byte-stream.ts';
import type { Resources } from '../../shared/instances.ts';
import type { Caller, Token, TokenUsage } from '../../shared/tokens.ts';
import type { Clock } from '../deps.ts';
import type { Storage } from '../storage/types.ts';
import { checkBytes, checkSubmission, countTasks, dayOf } from './limit-policy.ts';
import { MeteredBytes } from './metered-bytes.ts';

/** Bytes are written down at least this often. */
const SAVED_BYTES = 4 * 1024 * 1024;

interface TokenLimitsDeps {
  storage: Pick<Storage, 'addTokenUsage' | 'tokenUsage' | 'countAudit'>;
  clock: Clock;
}

/** What tokens have used today, and what each may still use. */
export class TokenLimits {
  readonly #deps: TokenLimitsDeps;
  /** Bytes that are not written down yet, by token. */
  readonly #unsaved = new Map<string, number>();

  constructor(deps: TokenLimitsDeps) {
    this.#deps = deps;
  }

  today({ id }: Pick<Token, 'id'>): TokenUsage {
    const { storage, clock } = this.#deps;
    const midnight = new Date(clock.now()).setHours(0, 0, 0, 0);
    const saved = storage.tokenUsage(id, dayOf(clock.now()));
    const calls = storage.countAudit({ where: ['token_id = ?', 'at >= ?'], parameters: [id, midnight] });
    return { calls, jobs: saved.jobs, bytes: saved.bytes + (this.#unsaved.get(id) ?? 0) };
  }

  /** Counts a submission with these resources; for the user's own clients nothing. @throws AppError `token-limit` */
  admitSubmission(caller: Caller, resources: Resources): void {
    if (caller.kind === 'owner') return;
    const { token } = caller;
    checkSubmission(token, this.today(token), resources);
    this.#add(token, { jobs: countTasks(resources.array), bytes: 0 });
  }

  /** @throws AppError `token-limit` where its bytes of today are used up */
  checkBytes({ token }: Caller & { kind: 'token' }): void {
    if (token.limits.bytes !== null) checkBytes(token, this.today(token).bytes);
  }

  /** The stream with its bytes counted; it ends with `token-limit` where they are used up. */
  meter<O, C>({ token }: Caller & { kind: 'token' }, stream: ByteStream<O, C>): ByteStream<O, C> {
    const data = new MeteredBytes(stream.data, (bytes) => this.#count(token, bytes));
    data.once('close', () => this.#save(token));
    // A limit that was reached says more than how that ended the stream.
    const closed = stream.closed.catch((error: unknown) => {
      throw data.failure ?? error;
    });
    closed.catch(() => undefined);
    return { ...stream, data, closed, control: (message) => stream.control(message) };
  }

  /** @throws AppError `token-limit` */
  #count(token: Token, bytes: number): void {
    this.checkBytes({ kind: 'token', token, clusters: [] });
    const unsaved = (this.#unsaved.get(token.id) ?? 0) + bytes;
    this.#unsaved.set(token.id, unsaved);
    if (unsaved >= SAVED_BYTES) this.#save(token);
  }

  #save(token: Token): void {
    const bytes = this.#unsaved.get(token.id) ?? 0;
    this.#unsaved.delete(token.id);
    if (bytes > 0) this.#add(token, { jobs: 0, bytes });
  }

  #add({ id }: Token, used: { jobs: number; bytes: number }): void {
    this.#deps.storage.addTokenUsage(id, dayOf(this.#deps.clock.now()), used);
  }
}
