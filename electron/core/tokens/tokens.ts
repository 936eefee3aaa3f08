import { EventEmitter } from 'node:events';
import type { Cluster } from '../../shared/clusters.ts';
import type { ParsedInput } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { Token, TokenCaller, TokenScope } from '../../shared/tokens.ts';
import type { Clock } from '../deps.ts';
import type { Storage, StoredToken } from '../storage/types.ts';
import { checkTokenAge, usableClusters } from './authorize-policy.ts';
import { createTokenText, isSameToken, tokenIdOf } from './token-text.ts';

/** The time of a token's last use is written at most this often, ms. */
const USE_INTERVAL = 60_000;

interface TokensDeps {
  storage: Pick<Storage, 'saveToken' | 'findToken' | 'tokens' | 'clusters'>;
  clock: Clock;
  /** @throws AppError `not-found` */
  cluster: (id: string) => Cluster;
}

/** What other programs prove themselves with. */
export class Tokens {
  readonly #deps: TokensDeps;
  readonly #emitter = new EventEmitter<{
    revoked: [id: string];
    'end-changed': [id: string, expiresAt: number | null];
  }>().setMaxListeners(0);

  constructor(deps: TokensDeps) {
    this.#deps = deps;
  }

  /** The text is in this answer only. @throws AppError `conflict` for a name that is in use, `not-found`, `bad-input` */
  create({ ask, ...input }: ParsedInput<'tokens.create'>): { token: Token; text: string } {
    const { storage, clock, cluster } = this.#deps;
    const now = clock.now();
    for (const id of input.clusters ?? []) cluster(id);
    checkEnd(input.expiresAt, now);
    if (storage.tokens().some(({ name, revokedAt }) => name === input.name && revokedAt === null)) {
      throw new AppError('conflict', message`There is a token named “${{ name: input.name }}” already.`, {
        hint: 'Choose another name, or revoke that one.',
      });
    }
    const { id, text, hash } = createTokenText();
    const scopes = [...new Set(input.scopes)];
    const token: Token = {
      ...input,
      id,
      scopes,
      createdAt: now,
      revokedAt: null,
      lastUsedAt: null,
      asksFor: ask ? scopes : [],
      allowedCalls: [],
    };
    storage.saveToken({ token, hash });
    return { token, text };
  }

  list(): Token[] {
    return this.#deps.storage.tokens().sort((a, b) => b.createdAt - a.createdAt);
  }

  /** @throws AppError `not-found`, `conflict` for a revoked token, `bad-input` */
  update({ id, limits, expiresAt }: ParsedInput<'tokens.update'>): Token {
    const { storage, clock } = this.#deps;
    const stored = this.#get(id);
    const { token } = stored;
    if (token.revokedAt !== null) {
      throw new AppError('conflict', message`The token “${{ name: token.name }}” is revoked.`, {
        hint: 'Create a new one.',
      });
    }
    if (expiresAt !== undefined) checkEnd(expiresAt, clock.now());
    const changed = {
      ...token,
      limits: { ...token.limits, ...limits },
      ...(expiresAt !== undefined && { expiresAt }),
    };
    storage.saveToken({ ...stored, token: changed });
    if (expiresAt !== undefined) this.#emitter.emit('end-changed', id, expiresAt);
    return changed;
  }

  /** @throws AppError `not-found` */
  revoke(id: string): void {
    const { storage, clock } = this.#deps;
    const stored = this.#get(id);
    if (stored.token.revokedAt !== null) return;
    storage.saveToken({ ...stored, token: { ...stored.token, revokedAt: clock.now() } });
    this.#emitter.emit('revoked', id);
  }

  /** The first use of the scope asks no more. */
  grantScope(id: string, scope: TokenScope): void {
    this.#change(id, (token) => ({ ...token, asksFor: token.asksFor.filter((each) => each !== scope) }));
  }

  /** Writes of this name are confirmed no more. */
  allowCall(id: string, name: string): void {
    this.#change(id, (token) => ({ ...token, allowedCalls: [...new Set([...token.allowedCalls, name])] }));
  }

  /** @throws AppError `not-found` */
  #get(id: string): StoredToken {
    const stored = this.#deps.storage.findToken(id);
    if (!stored) throw new AppError('not-found', message`There is no token ${{ id }}.`);
    return stored;
  }

  #change(id: string, change: (token: Token) => Token): void {
    const stored = this.#deps.storage.findToken(id);
    if (stored) this.#deps.storage.saveToken({ ...stored, token: change(stored.token) });
  }

  /** Who sends this token. @throws AppError `token-invalid`, `token-revoked`, `token-expired` */
  authenticate(text: string): TokenCaller {
    const { storage, clock } = this.#deps;
    const id = tokenIdOf(text);
    const stored = id === null ? null : storage.findToken(id);
    if (!stored || !isSameToken(text, stored.hash)) {
      throw new AppError('token-invalid', 'The token is not valid.', { hint: 'Create one with: tunel token create' });
    }
    const { token } = stored;
    const now = clock.now();
    checkTokenAge(token, now);
    if (now - (token.lastUsedAt ?? 0) >= USE_INTERVAL)
      storage.saveToken({ ...stored, token: { ...token, lastUsedAt: now } });
    return { kind: 'token', token, clusters: usableClusters(token, storage.clusters()) };
  }

  /** Calls the listener once when the token becomes invalid by its end or the user. @returns what ends it */
  onRevoked(id: string, listener: () => void): () => void {
    const onRevoked = (revoked: string) => {
      if (revoked === id) listener();
    };
    this.#emitter.on('revoked', onRevoked);
    return () => this.#emitter.off('revoked', onRevoked);
  }

  /** Calls the listener whenever the token gets another end. @returns what ends it */
  onEndChanged(id: string, listener: (expiresAt: number | null) => void): () => void {
    const onChanged = (changed: string, expiresAt: number | null) => {
      if (changed === id) listener(expiresAt);
    };
    this.#emitter.on('end-changed', onChanged);
    return () => this.#emitter.off('end-changed', onChanged);
  }
}

/** @throws AppError `bad-input` */
function checkEnd(expiresAt: number | null, now: number): void {
  if (expiresAt !== null && expiresAt <= now) throw new AppError('bad-input', 'A token must expire in the future.');
}
