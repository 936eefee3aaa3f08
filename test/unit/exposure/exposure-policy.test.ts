import { describe, expect, test } from 'vitest';
import { findAccess } from '../../../electron/core/exposure/access-policy.ts';
import { decideExposure, type ExposureInput } from '../../../electron/core/exposure/exposure-policy.ts';
import type { AclRule, Entry, NodeFacts, PathWalk, TcpListener } from '../../../electron/core/exposure/facts.ts';

const ADA = 1001;
const BEN = 1002;
const LAB = 2000;
const GPU = 3000;

const me = { uid: ADA, gid: ADA, name: 'ada' };
const groups: NodeFacts['groups'] = new Map([
  [0, { name: 'root', members: [] }],
  [ADA, { name: 'ada', members: [] }],
  [LAB, { name: 'lab', members: ['ada', 'ben'] }],
  [GPU, { name: 'gpu', members: ['ada', 'eve'] }],
]);
const users = new Map([
  [0, 'root'],
  [ADA, 'ada'],
  [BEN, 'ben'],
]);

/** `drwxr-x--- ada lab` as ls writes it. */
function entry(words: string, acl: AclRule[] = []): Entry {
  const [mode = '', user, group] = words.split(' ');
  const ids: Record<string, number> = { root: 0, ada: ADA, ben: BEN, lab: LAB, gpu: GPU };
  return { mode, uid: ids[user ?? ''] ?? 0, gid: ids[group ?? ''] ?? 0, acl };
}
const root = entry('drwxr-xr-x root root');
/** A socket's entry, then the folders from it up to `/`. */
const walk = (...entries: (Entry | null)[]): PathWalk => ({ path: '/a/b/s', entries: [...entries, root] });
const open = 'srwxrwxrwx ada ada';

describe('findAccess', () => {
  test.each<[string, (Entry | null)[], Partial<ReturnType<typeof findAccess>>]>([
    ['a closed folder', [entry(open), entry('drwx------ ada ada')], { level: 'nobody' }],
    ['a closed folder further up', [entry(open), root, entry('drwx------ ada ada')], { level: 'nobody' }],
    ['a folder that may be listed and not entered', [entry(open), entry('drwxr--r-- ada ada')], { level: 'nobody' }],
    ['a folder that may be entered and not listed', [entry(open), entry('drwx--x--x ada ada')], { level: 'everybody' }],
    ['a sticky folder with x', [entry(open), entry('drwxrwxrwt root root')], { level: 'everybody' }],
    ['a sticky folder without x', [entry(open), entry('drwxrwxrwT root root')], { level: 'nobody' }],
    ['a socket without w', [entry('srwxr-xr-x ada ada'), root], { level: 'nobody' }],
    ["the user's own group", [entry('srwxrwx--- ada ada'), entry('drwxrwx--- ada ada')], { level: 'nobody' }],
    ['a shared group', [entry('srw-rw---- ada lab'), entry('drwxr-x--- ada lab')], { level: 'some', gids: [LAB] }],
    ['a group with a set-group-id folder', [entry(open), entry('drwxr-s--- ada lab')], { level: 'some', gids: [LAB] }],
    ['a group shut out where others are let in', [entry(open), entry('drwx---r-x ada lab')], { level: 'everybody' }],
    [
      'two groups, of which one must be in both',
      [entry(open), entry('drwxr-x--- ada lab'), entry('drwxr-x--- root gpu')],
      { level: 'some', gids: [LAB, GPU] },
    ],
    [
      "another user's folder",
      [entry('srw-rw-rw- ben ben'), entry('drwx------ ben lab')],
      { level: 'some', uids: [BEN] },
    ],
    ['an administrator', [entry(open), entry('drwx------ root root')], { level: 'nobody' }],
    ['a folder that could not be looked at', [entry(open), null], { level: 'unknown' }],
    [
      'a closed folder above one that could not be looked at',
      [entry(open), null, entry('drwx------ ada ada')],
      { level: 'nobody' },
    ],
  ])('%s', (_, entries, expected) => {
    expect(findAccess(walk(...entries), { me, groups })).toMatchObject(expected);
  });

  const rule = (kind: AclRule['kind'], id: number | null, bits: string): AclRule => ({ kind, id, bits });
  const list = (...rules: AclRule[]) => [rule('user', null, 'rwx'), rule('other', null, '---'), ...rules];

  test('an access list lets in whom it names, under its mask', () => {
    const named = list(rule('user', BEN, 'r-x'), rule('group', null, '---'), rule('mask', null, 'r-x'));
    expect(findAccess(walk(entry(open), entry('drwxr-x---+ ada ada', named)), { me, groups })).toMatchObject({
      level: 'some',
      uids: [BEN],
    });
    const masked = list(rule('user', BEN, 'r-x'), rule('group', LAB, 'rwx'), rule('mask', null, 'r--'));
    expect(findAccess(walk(entry(open), entry('drwxr-----+ ada ada', masked)), { me, groups })).toMatchObject({
      level: 'nobody',
    });
    const group = list(rule('group', LAB, 'r-x'), rule('group', null, '---'), rule('mask', null, 'r-x'));
    expect(findAccess(walk(entry(open), entry('drwxr-x---+ ada ada', group)), { me, groups })).toMatchObject({
      level: 'some',
      gids: [LAB],
    });
  });

  test('the group bits of a file with an access list are its mask and not the rights of the group', () => {
    const rules = list(rule('user', BEN, 'r-x'), rule('group', null, '---'), rule('mask', null, 'r-x'));
    expect(findAccess(walk(entry(open), entry('drwxr-x---+ ada lab', rules)), { me, groups })).toMatchObject({
      level: 'some',
      gids: [],
      uids: [BEN],
    });
  });

  test('an access list that could not be read may name anyone, up to its mask', () => {
    expect(findAccess(walk(entry(open), entry('drwxr-x---+ ada ada')), { me, groups })).toMatchObject({
      level: 'some',
      listed: true,
    });
    expect(findAccess(walk(entry(open), entry('drwx------+ ada ada')), { me, groups }).level).toBe('nobody');
  });
});

describe('decideExposure', () => {
  const closed: PathWalk = {
    path: '/home/ada/.tunel/x/s',
    entries: [entry(open), entry('drwx------ ada ada'), root, root],
  };
  const facts = (change: Partial<NodeFacts> = {}): NodeFacts => ({
    ...{ me, groups, users, endpoint: closed, tcp: [], sockets: [], processes: 3 },
    ...change,
  });
  const socket = { kind: 'socket', node: 'c1', path: closed.path } as const;
  const port = { kind: 'port', node: 'c1', port: 8888 } as const;
  const listener = (address: string, number: number, change: Partial<TcpListener> = {}): TcpListener => ({
    ...{ address, port: number, byApp: true, inside: false },
    ...change,
  });
  const decide = (change: Partial<ExposureInput>) =>
    decideExposure({
      ...{ endpoint: socket, loginNode: 'slogin', seenFrom: 'node', facts: facts(), unseen: '', reached: new Map() },
      ...change,
    });

  test.each<[string, Partial<ExposureInput>, string, RegExp]>([
    [
      'a socket in a closed folder',
      {},
      'only-you',
      /^Only you: the folder \/home\/ada\/\.tunel\/x is closed to others\.$/,
    ],
    [
      'a port on loopback',
      {
        endpoint: port,
        facts: facts({ endpoint: null, tcp: [listener('127.0.0.1', 8888)] }),
        reached: new Map([[8888, 'no']]),
      },
      'node',
      /^Everyone with an account on c1: port 8888/,
    ],
    [
      'a port on every address, which a firewall closes to the login node',
      {
        endpoint: port,
        facts: facts({ endpoint: null, tcp: [listener('::', 8888)] }),
        reached: new Map([[8888, 'no']]),
      },
      'cluster',
      /^Everyone on the cluster: port 8888 listens on all addresses of c1\.$/,
    ],
    [
      'a port on an address of the node',
      { endpoint: port, facts: facts({ endpoint: null, tcp: [listener('10.0.0.7', 8888)] }) },
      'cluster',
      /listens on 10\.0\.0\.7\.$/,
    ],
    [
      'a port that the login node opens although only loopback was seen',
      {
        endpoint: port,
        facts: facts({ endpoint: null, tcp: [listener('127.0.0.1', 8888)] }),
        reached: new Map([[8888, 'yes']]),
      },
      'cluster',
      /^Everyone on the cluster/,
    ],
    [
      'a port nobody listens on',
      { endpoint: port, facts: facts({ endpoint: null }) },
      'unknown',
      /^Not known: nothing was seen/,
    ],
    ['a socket that is gone', { facts: facts({ endpoint: null }) }, 'unknown', /^Not known: there is no socket/],
    [
      'a node that could not be asked',
      { facts: null, seenFrom: null, unseen: 'no ssh' },
      'unknown',
      /^Not known: c1 could not/,
    ],
    ['a socket looked at from the login node', { seenFrom: 'login', unseen: 'no ssh' }, 'only-you', /^Only you/],
    [
      'a port of a node that could not be asked',
      { endpoint: port, facts: null, seenFrom: null, unseen: 'no ssh', reached: new Map([[8888, 'no']]) },
      'node',
      /^Everyone with an account on c1, at least: /,
    ],
    [
      'another port of the app',
      { facts: facts({ tcp: [listener('0.0.0.0', 5555), listener('127.0.0.1', 6666)] }) },
      'cluster',
      /^Everyone on the cluster: port 5555, opened by the app besides its page\. The page itself: only you\.$/,
    ],
    [
      'several of them',
      { facts: facts({ tcp: [5001, 5002, 5003].map((one) => listener('127.0.0.1', one)) }) },
      'node',
      /: port 5001 and 2 more, opened by/,
    ],
    [
      "somebody else's port",
      { facts: facts({ tcp: [listener('0.0.0.0', 22, { byApp: false })] }) },
      'only-you',
      /^Only you/,
    ],
    [
      "a port in a container's own network",
      { facts: facts({ tcp: [listener('0.0.0.0', 5555, { inside: true })] }) },
      'only-you',
      /^Only you/,
    ],
    [
      'an abstract socket',
      { facts: facts({ sockets: [{ name: '@x', inside: false, walk: null }] }) },
      'node',
      /^Everyone with an account on c1: the abstract socket @x/,
    ],
    [
      'the endpoint among the sockets of its processes',
      { facts: facts({ sockets: [{ name: 's', inside: false, walk: closed }] }) },
      'only-you',
      /^Only you/,
    ],
  ])('%s', (_, change, level, words) => {
    const decided = decide(change);
    expect(decided.level).toBe(level);
    expect(decided.text).toMatch(words);
  });

  test('the evidence names each folder, and what was not looked at', () => {
    expect(decide({}).evidence).toEqual([
      'srwxrwxrwx ada ada /home/ada/.tunel/x/s',
      'drwx------ ada ada /home/ada/.tunel/x',
      'drwxr-xr-x root root /home/ada/.tunel',
      'drwxr-xr-x root root /home/ada',
      '3 processes of the app looked at on c1',
    ]);
    expect(decide({ seenFrom: 'login', unseen: 'no ssh' }).evidence.at(-1)).toBe(
      'c1 was not asked (no ssh); files were looked at on slogin',
    );
    const other = { name: 'k', inside: false, walk: { ...closed, path: '/home/ada/.tunel/x/k' } };
    expect(decide({ facts: facts({ sockets: [other] }) }).evidence).toContain(
      'besides: the socket /home/ada/.tunel/x/k: the folder /home/ada/.tunel/x is closed to others',
    );
    expect(decide({ facts: facts({ processes: 0 }) }).evidence.at(-1)).toMatch(/^no process of the app was seen/);
  });
});
