import type { ByteStream } from '../../client/byte-stream.ts';
import type { Resources } from '../../shared/instances.ts';
import type { Caller, Token, TokenCaller, TokenUsage } from '../../shared/tokens.ts';
import type { Clock } from '../deps.ts';
import type { Storage, UsedToday } from '../storage/types.ts';
import { checkBytes, checkSubmission, countTasks, dayOf } from './limit-policy.ts';
import { MeteredBytes } from './metered-bytes.ts';

/** Bytes are written down at least this often. */
const SAVED_BYTES = 4 * 1024 * 1024;

interface TokenLimitsDeps {
  storage: Pick<Storage, 'addTokenUsage' | 'tokenUsage' | 'countAudit' | 'findToken'>;
  clock: Clock;
}

/** Bytes of one token since they were last written down. */
interface OpenCount {
  /** As the token was when the count began. */
  token: Pick<Token, 'id' | 'name' | 'limits'>;
  /** Of today, written down before. */
  saved: number;
  unsaved: number;
}

/** What tokens have used today, and what each may still use. */
export class TokenLimits {
  readonly #deps: TokenLimitsDeps;
  readonly #counts = new Map<string, OpenCount>();

  constructor(deps: TokenLimitsDeps) {
    this.#deps = deps;
  }

  today({ id }: Pick<Token, 'id'>): TokenUsage {
    const { storage, clock } = this.#deps;
    const midnight = new Date(clock.now()).setHours(0, 0, 0, 0);
    const calls = storage.countAudit({ where: ['token_id = ?', 'at >= ?'], parameters: [id, midnight] });
    return { calls, jobs: this.#saved(id).jobs, bytes: this.#bytes(id) };
  }

  /** Counts a submission with these resources; for the user's own clients nothing. @throws AppError `token-limit` */
  admitSubmission(caller: Caller, resources: Resources): void {
    if (caller.kind === 'owner') return;
    const { token } = caller;
    checkSubmission(token, this.#saved(token.id), resources);
    this.#add(token.id, { jobs: countTasks(resources.array), bytes: 0 });
  }

  /** @throws AppError `token-limit` where its bytes of today are used up */
  checkBytes({ token }: TokenCaller): void {
    if (token.limits.bytes !== null) checkBytes(token, this.#bytes(token.id));
  }

  /** The stream with its bytes counted; it ends with `token-limit` where they are used up. */
  meter<O, C>({ token }: TokenCaller, stream: ByteStream<O, C>): ByteStream<O, C> {
    const data = new MeteredBytes(stream.data, (bytes) => this.#count(token, bytes));
    data.once('close', () => this.#save(token.id));
    // A limit that was reached says more than how that ended the stream.
    const closed = stream.closed.catch((error: unknown) => {
      throw data.failure ?? error;
    });
    closed.catch(() => undefined);
    return { ...stream, data, closed, control: (message) => stream.control(message) };
  }

  /** @throws AppError `token-limit` */
  #count(token: Token, bytes: number): void {
    const count = this.#counts.get(token.id) ?? this.#begin(token);
    checkBytes(count.token, count.saved + count.unsaved);
    count.unsaved += bytes;
    if (count.unsaved >= SAVED_BYTES) this.#save(token.id);
  }

  /** Reads the limits anew, since the user may change them while bytes pass. */
  #begin(token: Token): OpenCount {
    const current = this.#deps.storage.findToken(token.id)?.token ?? token;
    const count = { token: current, saved: this.#saved(token.id).bytes, unsaved: 0 };
    this.#counts.set(token.id, count);
    return count;
  }

  #save(id: string): void {
    const bytes = this.#counts.get(id)?.unsaved ?? 0;
    this.#counts.delete(id);
    if (bytes > 0) this.#add(id, { jobs: 0, bytes });
  }

  #saved(id: string): UsedToday {
    return this.#deps.storage.tokenUsage(id, dayOf(this.#deps.clock.now()));
  }

  #bytes(id: string): number {
    return this.#saved(id).bytes + (this.#counts.get(id)?.unsaved ?? 0);
  }

  #add(id: string, used: UsedToday): void {
    this.#deps.storage.addTokenUsage(id, dayOf(this.#deps.clock.now()), used);
  }
}
