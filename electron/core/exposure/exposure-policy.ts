import type { Endpoint, Exposure } from '../../shared/instances.ts';
import { type Access, findAccess, isOpenToAll } from './access-policy.ts';
import type { NodeFacts, PathWalk, TcpListener } from './facts.ts';

export interface ExposureInput {
  endpoint: Endpoint;
  loginNode: string;
  /** `node`: from the node where it runs; `login`: only the files could be looked at, from the login node; null: nothing. */
  seenFrom: 'node' | 'login' | null;
  facts: NodeFacts | null;
  /** Why the node was not asked; empty when it was. */
  unseen: string;
  /** Ports of the node as tried from the login node. */
  reached: ReadonlyMap<number, 'yes' | 'no' | 'untried'>;
}

type Level = Exposure['level'];
const order: readonly Level[] = ['only-you', 'group', 'unknown', 'node', 'cluster'];
/** One exposure of the app: how wide it is, what it is, and why it is so wide. */
interface Finding {
  level: Level;
  who: string;
  what: string;
  why: string;
  evidence: string[];
}

/** Who can reach an app: the widest of its endpoint and of whatever else its processes listen on. */
export function decideExposure(input: ExposureInput): Omit<Exposure, 'checkedAt'> {
  const main = input.endpoint.kind === 'socket' ? socketEndpoint(input, input.endpoint) : portEndpoint(input);
  const others = otherFindings(input);
  const widest = others.reduce((a, b) => (rank(b.level) > rank(a.level) ? b : a), main);
  const evidence = [
    ...main.evidence,
    ...others.flatMap((finding) => finding.evidence),
    ...inside(input.facts),
    ...looked(input),
  ];
  const text =
    widest === main || rank(widest.level) === rank(main.level)
      ? `${main.who}: ${main.why}.`
      : `${widest.who}: ${listed(others.filter(({ level }) => level === widest.level))}, opened by the app besides its page. The page itself: ${lower(main.who)}.`;
  return { level: widest.level, text, evidence };
}

const rank = (level: Level): number => order.indexOf(level);
const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const listed = ([first, ...rest]: readonly Finding[]): string =>
  `${first?.what ?? ''}${rest.length > 0 ? ` and ${rest.length} more` : ''}`;
const everyoneOn = (node: string): string => `Everyone with an account on ${node}`;

function socketEndpoint(input: ExposureInput, endpoint: Extract<Endpoint, { kind: 'socket' }>): Finding {
  const { facts } = input;
  if (!facts?.endpoint) {
    const why = facts ? `there is no socket ${endpoint.path} now` : `${endpoint.node} could not be looked at`;
    return { level: 'unknown', who: 'Not known', what: 'the socket', why, evidence: [] };
  }
  return socketFinding(facts.endpoint, facts, endpoint.node, 'the socket');
}

function socketFinding(walk: PathWalk, facts: NodeFacts, node: string, what: string): Finding {
  const access = findAccess(walk, facts);
  const evidence = describeWalk(walk, facts);
  switch (access.level) {
    case 'nobody':
      return { level: 'only-you', who: 'Only you', what, why: describeClosed(walk, what), evidence };
    case 'everybody':
      return {
        level: 'node',
        who: everyoneOn(node),
        what,
        why: `${what} and each folder above it are open to all`,
        evidence,
      };
    case 'some':
      return {
        level: 'group',
        who: describeGroup(access, facts),
        what,
        why: `${what} and its folders let them in`,
        evidence,
      };
    case 'unknown':
      return {
        level: 'unknown',
        who: 'Not known',
        what,
        why: `a folder above ${what} could not be looked at`,
        evidence,
      };
  }
}

function describeGroup(access: Access, facts: NodeFacts): string {
  const groups = access.gids.map((gid) => facts.groups.get(gid)?.name ?? String(gid));
  const users = access.uids.map((uid) => facts.users.get(uid) ?? String(uid));
  const who = [
    groups.length > 0 ? `${groups.length > 1 ? 'groups' : 'group'} ${groups.join(', ')}` : '',
    users.join(', '),
    access.listed ? 'those an access list names' : '',
  ].filter((text) => text !== '');
  return groups.length > 0 ? `Your ${who.join(' and ')}` : `You and ${who.join(' and ')}`;
}

/** The folder that keeps others out; the socket's own mode where it is that. */
function describeClosed(walk: PathWalk, what: string): string {
  const at = walk.entries.findIndex((entry, index) => index > 0 && entry !== null && !isOpenToAll(entry, index));
  return at > 0 ? `the folder ${pathAt(walk, at)} is closed to others` : `${what} is closed to others`;
}

/** The path of the entry that many steps above the socket. */
function pathAt(walk: PathWalk, steps: number): string {
  const parts = walk.path.split('/');
  return parts.slice(0, parts.length - steps).join('/') || '/';
}

function describeWalk(walk: PathWalk, facts: NodeFacts): string[] {
  return walk.entries.flatMap((entry, index) => {
    const path = pathAt(walk, index);
    if (!entry) return [`${path}: could not be looked at`];
    const user = facts.users.get(entry.uid) ?? entry.uid;
    const group = facts.groups.get(entry.gid)?.name ?? entry.gid;
    const rules = entry.acl
      .filter(({ id }) => id !== null)
      .map(
        ({ kind, id, bits }) =>
          `${kind} ${(kind === 'user' ? facts.users.get(id ?? 0) : facts.groups.get(id ?? 0)?.name) ?? id} ${bits}`,
      );
    const list = entry.mode.endsWith('+') ? ` (access list: ${rules.join(', ') || 'not readable here'})` : '';
    return [`${entry.mode} ${user} ${group} ${path}${list}`];
  });
}

function portEndpoint(input: ExposureInput): Finding {
  const { endpoint, facts, seenFrom } = input;
  const port = endpoint.kind === 'port' ? endpoint.port : 0;
  const listeners = seenFrom === 'node' ? (facts?.tcp.filter((one) => one.port === port && !one.inside) ?? []) : [];
  if (listeners.length > 0) return portFinding(input, port, listeners);
  const reached = input.reached.get(port);
  if (reached === 'yes') return portFinding(input, port, []);
  if (seenFrom === 'node' && facts?.processes !== null) {
    const why = `nothing was seen to listen on port ${port} of ${endpoint.node}`;
    return { level: 'unknown', who: 'Not known', what: `port ${port}`, why, evidence: [] };
  }
  return {
    level: 'node',
    who: `${everyoneOn(endpoint.node)}, at least`,
    what: `port ${port}`,
    why: `port ${port} asks nobody who they are${reached === 'no' ? `, and ${input.loginNode} cannot open it` : ''}`,
    evidence: reachEvidence(input, port, true),
  };
}

const isLoopbackAddress = (address: string): boolean => address === '::1' || address.startsWith('127.');

function portFinding(input: ExposureInput, port: number, listeners: readonly TcpListener[]): Finding {
  const { node } = input.endpoint;
  const addresses = [...new Set(listeners.map((listener) => listener.address))];
  const wide = addresses.filter((address) => !isLoopbackAddress(address));
  const evidence = [
    ...addresses.map((address) => `port ${port} of ${node} listens on ${address}`),
    ...reachEvidence(input, port, wide.length > 0),
  ];
  if (wide.length === 0 && input.reached.get(port) !== 'yes') {
    return {
      level: 'node',
      who: everyoneOn(node),
      what: `port ${port}`,
      why: `port ${port} is open to whoever is logged in or has a job there`,
      evidence,
    };
  }
  const all = wide.some((address) => address === '0.0.0.0' || address === '::');
  const where = all ? `all addresses of ${node}` : wide.join(', ') || node;
  const why = `port ${port} listens on ${where}`;
  return { level: 'cluster', who: 'Everyone on the cluster', what: `port ${port}`, why, evidence };
}

function reachEvidence({ reached, loginNode, endpoint }: ExposureInput, port: number, isWide: boolean): string[] {
  const said = reached.get(port);
  if (said === 'yes') return [`${loginNode} opens port ${port} of ${endpoint.node}, as anyone there could`];
  if (said === 'no') {
    return [
      `${loginNode} cannot open port ${port} of ${endpoint.node}${isWide ? '; a firewall may stand between' : ''}`,
    ];
  }
  return said ? [`${loginNode} has no program that could try port ${port}`] : [];
}

/** Whatever the app's processes listen on besides the endpoint. */
function otherFindings(input: ExposureInput): Finding[] {
  const { facts, endpoint, seenFrom } = input;
  if (!facts || seenFrom !== 'node') return [];
  const own = endpoint.kind === 'port' ? endpoint.port : null;
  const ports = new Map<number, TcpListener[]>();
  for (const one of facts.tcp) {
    if (one.inside || !one.byApp || one.port === own) continue;
    ports.set(one.port, [...(ports.get(one.port) ?? []), one]);
  }
  const sockets = facts.sockets.filter(
    (socket) => !socket.inside && (socket.walk === null || socket.walk.path !== facts.endpoint?.path),
  );
  return [
    ...[...ports].map(([port, listeners]) => besides(portFinding(input, port, listeners))),
    ...sockets.map((socket) =>
      besides(
        socket.name.startsWith('@')
          ? {
              level: 'node',
              who: everyoneOn(endpoint.node),
              what: `the abstract socket ${socket.name}`,
              why: `the abstract socket ${socket.name} asks nobody who they are`,
              evidence: [`abstract socket ${socket.name}`],
            }
          : socket.walk
            ? brief(socketFinding(socket.walk, facts, endpoint.node, `the socket ${socket.walk.path}`))
            : {
                level: 'only-you',
                who: 'Only you',
                what: `the socket ${socket.name}`,
                why: '',
                evidence: [`the socket ${socket.name} is not there any more, or only in a container`],
              },
      ),
    ),
  ];
}

/** An app may have many sockets; of a closed one it is enough to say what closes it. */
const brief = (finding: Finding): Finding =>
  finding.level === 'only-you' ? { ...finding, evidence: [`${finding.what}: ${finding.why}`] } : finding;

const besides = (finding: Finding): Finding => ({
  ...finding,
  evidence: finding.evidence.map((line) => `besides: ${line}`),
});

function inside(facts: NodeFacts | null): string[] {
  const ports = facts?.tcp.filter((one) => one.inside && one.byApp).map(({ port }) => port) ?? [];
  const sockets = facts?.sockets.filter((one) => one.inside).map(({ name }) => name) ?? [];
  return [
    ...[...new Set(ports)].map((port) => `port ${port} is in its container's own network, which others do not reach`),
    ...sockets.map((name) => `the socket ${name} is in its container's own network`),
  ];
}

function looked({ seenFrom, facts, unseen, endpoint, loginNode }: ExposureInput): string[] {
  if (seenFrom === 'login') return [`${endpoint.node} was not asked (${unseen}); files were looked at on ${loginNode}`];
  if (seenFrom === null) return [`${endpoint.node} was not asked: ${unseen}`];
  if (facts?.processes === null) return [`${endpoint.node} has no /proc, so what else the app listens on is not known`];
  if (facts?.processes === 0) return ['no process of the app was seen, so what else it listens on is not known'];
  const count = facts?.processes ?? 0;
  return [`${count} ${count === 1 ? 'process' : 'processes'} of the app looked at on ${endpoint.node}`];
}
