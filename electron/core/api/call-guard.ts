import type { Cluster } from '../../shared/clusters.ts';
import type { Scope, Subject } from '../../shared/contract/define.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { oneLine } from '../../shared/one-line.ts';
import type { Caller, Token } from '../../shared/tokens.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../deps.ts';
import { checkCluster, checkScope } from '../tokens/authorize-policy.ts';
import { neededConsent } from '../tokens/consent-policy.ts';
import type { Consents } from '../tokens/consents.ts';

/** Characters of what a call is about that the user is shown; the program that calls has written them. */
const QUESTION_LIMIT = 500;

/** What the contract says of one call, with its input. */
export interface Call {
  name: string;
  scope: Scope;
  writes: boolean;
  subject: Subject;
  /** What it was about; null: the contract does not log it for the user's own clients. */
  detail: string | null;
}

/** Who calls, and until when the answer is wanted. */
export interface CallContext {
  caller: Caller;
  signal: AbortSignal;
  /** The cluster on which it says that this is. */
  clusterId?: string;
}

/** @throws AppError `not-found` where what the call is about is elsewhere than its client says */
function checkPlace({ clusterId }: CallContext, cluster: Cluster | null, ofSubject: string | null): void {
  if (clusterId === undefined) return;
  if (cluster === null) throw new AppError('not-found', message`There is no cluster ${{ cluster: clusterId }}.`);
  if (ofSubject !== null && ofSubject !== clusterId) {
    throw new AppError('not-found', message`There is no such thing on ${{ cluster: cluster.name }}.`);
  }
}

interface CallGuardDeps {
  clock: Clock;
  audit: Pick<AuditLog, 'add'>;
  consents: Pick<Consents, 'ask'>;
  /** null: no longer saved. */
  findCluster: (id: string) => Cluster | null;
  /** The cluster of an instance or tunnel; null: there is no such one. */
  clusterIdOf: (subject: Subject) => string | null;
}

/** Decides whether a caller may make a call, and writes the call into the audit log. */
export class CallGuard {
  readonly #deps: CallGuardDeps;

  constructor(deps: CallGuardDeps) {
    this.#deps = deps;
  }

  /**
   * Runs the call where it is allowed, with the cluster that it is about; null: none.
   * @throws AppError of the refusal, or what the call fails with
   */
  async run<T>(context: CallContext, call: Call, work: (clusterId: string | null) => T | Promise<T>): Promise<T> {
    const { caller, signal } = context;
    const { clock, clusterIdOf, findCluster } = this.#deps;
    const startedAt = clock.now();
    const ofSubject = clusterIdOf(call.subject);
    const clusterId = context.clusterId ?? ofSubject;
    const cluster = clusterId === null ? null : findCluster(clusterId);
    const log = (result: string) => this.#log(caller, call, cluster, result, clock.now() - startedAt);
    try {
      if (caller.kind === 'token') {
        checkScope(caller.token, call.scope);
        if (clusterId !== null) checkCluster(caller.token, cluster);
        await this.#askUser(caller.token, call, cluster, signal);
      }
      checkPlace(context, cluster, ofSubject);
      const value = await work(clusterId);
      log('ok');
      return value;
    } catch (error) {
      log(AppError.from(error).code);
      throw error;
    }
  }

  async #askUser(token: Token, call: Call, cluster: Cluster | null, signal: AbortSignal): Promise<void> {
    const needed = neededConsent(token, call);
    if (!needed) return;
    const question = {
      call: call.name,
      detail: oneLine((call.detail ?? '').slice(0, QUESTION_LIMIT)),
      clusterId: cluster?.id ?? null,
      clusterName: cluster?.name ?? '',
    };
    const answered = await this.#deps.consents.ask(token, { ...needed, ...question }, signal);
    if (answered === 'itself') return;
    // A scope that was allowed for another call says nothing of a write that the user has not seen.
    const left = neededConsent({ ...token, asksFor: [] }, call);
    if (needed.kind === 'scope' && left) await this.#deps.consents.ask(token, { ...left, ...question }, signal);
  }

  #log(caller: Caller, call: Call, cluster: Cluster | null, result: string, duration: number): void {
    if (caller.kind === 'owner' && call.detail === null) return;
    this.#deps.audit.add({
      client: caller.kind,
      tokenId: caller.kind === 'token' ? caller.token.id : null,
      tokenName: caller.kind === 'token' ? caller.token.name : '',
      call: call.name,
      detail: call.detail ?? '',
      clusterId: cluster?.id ?? null,
      clusterName: cluster?.name ?? '',
      result,
      duration,
    });
  }
}
