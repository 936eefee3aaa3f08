import { randomBytes } from 'node:crypto';
import { AppError, throwIfAborted } from '../../shared/errors.ts';
import type { Exposure, Instance } from '../../shared/instances.ts';
import type { RouteKind } from '../../shared/kinds.ts';
import { message } from '../../shared/messages.ts';
import type { Clock } from '../deps.ts';
import type { Launcher } from '../launchers/common/launcher.ts';
import { isSameNode } from '../routes/route-policy.ts';
import type { Connection, Shell } from '../ssh/types.ts';
import { decideExposure, type ExposureInput } from './exposure-policy.ts';
import { markedLines, type NodeFacts, readFacts } from './facts.ts';
import { factsScript, reachScript } from './facts-script.ts';

const LIMIT_MS = 30_000;
const MAX_PORTS = 20;

export interface CheckInput {
  instance: Instance;
  connection: Connection;
  launcher: Pick<Launcher, 'enter'>;
  clock: Clock;
  /** What the site does not want to be tried: `node` no ssh, `relay` nothing inside the job, `port` no connection to its port. */
  forbidden?: readonly RouteKind[];
  /** The user asked: a sign-in on the node may ask them back. */
  asked: boolean;
  signal?: AbortSignal;
}

/**
 * Looks on the app's node and from the login node who besides the user can reach the app. What cannot be seen is said in
 * the answer; it rejects only when the connection is lost or the signal fires.
 * @throws AppError `conflict` while there is no endpoint
 */
export async function checkExposure(input: CheckInput): Promise<Exposure> {
  const { instance, connection, clock, signal } = input;
  const { endpoint } = instance;
  if (!endpoint) {
    throw new AppError('conflict', message`${{ title: instance.title }} does not listen yet, so nobody can reach it.`, {
      hint: 'Ask again when it is ready.',
    });
  }
  const loginNode = await nodeName(connection, signal);
  const { facts, seenFrom, unseen } = await lookAtNode(input, loginNode);
  const ports = new Set(endpoint.kind === 'port' ? [endpoint.port] : []);
  if (seenFrom === 'node') for (const one of facts?.tcp ?? []) if (!one.inside) ports.add(one.port);
  const tried = !isSameNode(endpoint.node, loginNode) && !input.forbidden?.includes('port');
  const reached = tried ? await tryPorts(connection, endpoint.node, [...ports].slice(0, MAX_PORTS), signal) : new Map();
  const decided = decideExposure({ endpoint, loginNode, facts, seenFrom, unseen, reached });
  return { ...decided, checkedAt: clock.now() };
}

/** The login node's own name, as an app there gives it: the connection knows only the address that was dialled. */
async function nodeName(connection: Connection, signal: AbortSignal | undefined): Promise<string> {
  const { stdout } = await connection.run('hostname 2>/dev/null || uname -n\n', { signal, timeoutMs: LIMIT_MS });
  return stdout.trim() || connection.node;
}

async function lookAtNode(
  input: CheckInput,
  loginNode: string,
): Promise<Pick<ExposureInput, 'facts' | 'seenFrom' | 'unseen'>> {
  const { instance, connection, signal } = input;
  const { endpoint } = instance;
  if (!endpoint) return { facts: null, seenFrom: null, unseen: 'it does not listen' };
  const failures: string[] = [];
  const look = async (shell: Shell, enter: string | null): Promise<NodeFacts | null> => {
    const nonce = randomBytes(8).toString('hex');
    const script = factsScript(instance.id, endpoint, nonce);
    const stdin = Buffer.from(script);
    try {
      const result = await (enter === null
        ? shell.run(script, { signal, timeoutMs: LIMIT_MS })
        : shell.run(enter, { signal, timeoutMs: LIMIT_MS, stdin }));
      return readFacts(result.stdout, nonce);
    } catch (error) {
      throwIfAborted(signal);
      if (connection.closed.aborted) throw AppError.from(connection.closed.reason);
      failures.push(AppError.from(error).message);
      return null;
    }
  };
  const hop = async (): Promise<NodeFacts | null> => {
    const lease = await connection.hop(endpoint.node, signal, input.asked ? 'user' : 'poll').catch((error: unknown) => {
      throwIfAborted(signal);
      failures.push(AppError.from(error).message);
      return null;
    });
    if (!lease) return null;
    try {
      return await look(lease.connection, null);
    } finally {
      lease.release();
    }
  };

  if (isSameNode(endpoint.node, loginNode)) {
    const facts = await look(connection, null);
    return { facts, seenFrom: facts && 'node', unseen: failures.join(' ') };
  }
  const { job, directory } = instance;
  const { forbidden = [] } = input;
  const enter =
    !forbidden.includes('relay') &&
    job &&
    input.launcher.enter({ id: job.id, directory, node: job.node || endpoint.node }, '/bin/sh -s');
  const hopIsOpen = instance.route?.kind === 'node';
  const facts =
    (hopIsOpen ? await hop() : null) ??
    (enter ? await look(connection, enter) : null) ??
    // A sign-in nobody asked for may ask questions, so it waits until the user wants to know.
    (!hopIsOpen && input.asked && !forbidden.includes('node') ? await hop() : null);
  if (facts) return { facts, seenFrom: 'node', unseen: '' };
  const unseen =
    failures.join(' ') || (forbidden.length > 0 ? 'its site forbids it' : 'there is no way in without asking you');
  const files = endpoint.kind === 'socket' ? await look(connection, null) : null;
  return files?.endpoint ? { facts: files, seenFrom: 'login', unseen } : { facts: null, seenFrom: null, unseen };
}

async function tryPorts(
  connection: Connection,
  node: string,
  ports: readonly number[],
  signal: AbortSignal | undefined,
): Promise<ExposureInput['reached']> {
  if (ports.length === 0) return new Map();
  const nonce = randomBytes(8).toString('hex');
  const { stdout } = await connection.run(reachScript(node, ports, nonce), { signal, timeoutMs: LIMIT_MS });
  return new Map(
    (markedLines(stdout, nonce) ?? []).flatMap(([word, port, said]) =>
      word === 'reach' && (said === 'yes' || said === 'no' || said === 'untried') ? [[Number(port), said]] : [],
    ),
  );
}
