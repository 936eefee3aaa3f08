import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Consent, ConsentAnswer } from '../../shared/consents.ts';
import { AppError, throwIfAborted } from '../../shared/errors.ts';
import { onAbort } from '../../shared/on-abort.ts';
import type { Token } from '../../shared/tokens.ts';
import type { Clock } from '../deps.ts';
import { consentDenied, isSameQuestion, nobodyConsented } from './consent-policy.ts';
import type { Tokens } from './tokens.ts';

/** How long a call waits for the user, ms. */
const ANSWER_LIMIT = 120_000;
/** Calls of one token that wait; more are refused, so that no program fills the screen. */
const MOST_WAITING = 20;

interface ConsentsDeps {
  clock: Clock;
  tokens: Pick<Tokens, 'grantScope' | 'allowCall' | 'onRevoked'>;
}

/** Whether the user's answer was about this very call, or about another one that asked the same. */
type Answered = 'itself' | 'another';

interface Waiting {
  consent: Consent;
  resolve(answered: Answered): void;
  reject(error: AppError): void;
}

type Question = Omit<Consent, 'id' | 'tokenId' | 'tokenName' | 'askedAt' | 'expiresAt'>;

/** Calls of other programs that wait until the user has decided. */
export class Consents {
  readonly #deps: ConsentsDeps;
  readonly #waiting = new Map<string, Waiting>();
  readonly #emitter = new EventEmitter<{ changed: [consents: Consent[]] }>();

  constructor(deps: ConsentsDeps) {
    this.#deps = deps;
  }

  /** Resolves when the user lets the call pass. @throws AppError `consent-denied`, `consent-needed`, `token-revoked`, `cancelled` */
  async ask({ id: tokenId, name: tokenName }: Token, question: Question, signal: AbortSignal): Promise<Answered> {
    throwIfAborted(signal);
    const { clock, tokens } = this.#deps;
    const askedAt = clock.now();
    const consent: Consent = {
      ...question,
      id: randomUUID(),
      tokenId,
      tokenName,
      askedAt,
      expiresAt: askedAt + ANSWER_LIMIT,
    };
    if (this.list().filter((other) => other.tokenId === tokenId).length >= MOST_WAITING) throw nobodyConsented(consent);
    const timer = new AbortController();
    const ends: (() => void)[] = [() => timer.abort()];
    try {
      return await new Promise<Answered>((resolve, reject) => {
        this.#waiting.set(consent.id, { consent, resolve, reject });
        ends.push(
          onAbort(signal, () => reject(AppError.from(signal.reason))),
          tokens.onRevoked(tokenId, () => reject(new AppError('token-revoked', 'The token was revoked.'))),
        );
        clock.sleep(ANSWER_LIMIT, timer.signal).then(
          () => reject(nobodyConsented(consent)),
          // The question was answered before.
          () => undefined,
        );
        this.#changed();
      });
    } finally {
      for (const end of ends) end();
      this.#waiting.delete(consent.id);
      this.#changed();
    }
  }

  /** @throws AppError `not-found` for one that was answered or is over */
  answer(id: string, answer: ConsentAnswer): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) throw new AppError('not-found', 'This question is no longer open.');
    const { consent } = waiting;
    const { tokens } = this.#deps;
    if (answer === 'once') {
      waiting.resolve('itself');
      return;
    }
    if (answer === 'allow' && consent.kind === 'scope') tokens.grantScope(consent.tokenId, consent.scope);
    if (answer === 'allow' && consent.kind === 'write') tokens.allowCall(consent.tokenId, consent.call);
    for (const other of this.#waiting.values()) {
      if (!isSameQuestion(other.consent, consent)) continue;
      if (answer === 'allow') other.resolve(other === waiting ? 'itself' : 'another');
      else other.reject(consentDenied(other.consent));
    }
  }

  /** Oldest first. */
  list(): Consent[] {
    return [...this.#waiting.values()].map(({ consent }) => consent);
  }

  onChange(listener: (consents: Consent[]) => void): () => void {
    this.#emitter.on('changed', listener);
    return () => this.#emitter.off('changed', listener);
  }

  #changed(): void {
    this.#emitter.emit('changed', this.list());
  }
}
