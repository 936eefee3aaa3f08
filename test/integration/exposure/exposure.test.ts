import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { checkExposure } from '../../../electron/core/exposure/check.ts';
import type { Launcher } from '../../../electron/core/launchers/common/launcher.ts';
import { slurm } from '../../../electron/core/launchers/slurm/index.ts';
import type { Connection } from '../../../electron/core/ssh/types.ts';
import {
  type Endpoint,
  type Exposure,
  type Instance,
  instanceSchema,
  unknownJob,
} from '../../../electron/shared/instances.ts';
import { asUser, type ClusterInfo, onNode, upCluster } from '../../helpers/clusters.ts';
import { eventually } from '../../helpers/instance.ts';
import { liveConnection } from '../../helpers/live-connection.ts';

const listeners = readFileSync(join(import.meta.dirname, 'listeners.py'), 'utf8');

/** Whether somebody can connect, as themselves: ben, who is in ada's group lab, or a stranger. */
const connects = `
import socket, sys
kind, host, where = sys.argv[1:]
if kind == 'port':
    socket.create_connection((host, int(where)), 3)
else:
    socket.socket(socket.AF_UNIX).connect('\\0' + where[1:] if where[0] == '@' else where)
`;

type Case =
  | 'closed'
  | 'open'
  | 'group'
  | 'listed'
  | 'shut'
  | 'odd'
  | 'loopback'
  | 'everywhere'
  | 'besides'
  | 'abstract';
const levels: Record<Case, Exposure['level']> = {
  closed: 'only-you',
  open: 'node',
  group: 'group',
  listed: 'group',
  shut: 'only-you',
  odd: 'only-you',
  loopback: 'node',
  everywhere: 'cluster',
  besides: 'cluster',
  abstract: 'node',
};
const cases = Object.keys(levels) as Case[];

interface Place {
  cluster: 'login' | 'slurm24';
  /** Where users log in, and where the apps run. */
  entry: string;
  node: string;
}
const places: Place[] = [
  { cluster: 'login', entry: 'login', node: 'login' },
  { cluster: 'slurm24', entry: 'slogin', node: 'c1' },
];

describe.each(places)('who can reach an app on $node of $cluster', ({ cluster, entry, node }) => {
  const id = `tx${randomBytes(4).toString('hex')}`;
  const root = `/tmp/${id}`;
  const found = new Map<string, Exposure>();
  const endpoints = new Map<string, Endpoint>();
  let info: ClusterInfo;
  let connection: Connection;
  let close: () => void;
  let job = '';

  const can = async (user: 'ben' | 'stranger', from: string, target: string[]): Promise<boolean> => {
    const argv = ['python3', '-c', connects, ...target];
    const stranger = ['setpriv', '--reuid=4242', '--regid=4242', '--clear-groups', ...argv];
    const tried =
      user === 'ben'
        ? asUser('ben', info, from, argv, { check: false })
        : onNode(info, from, stranger, { check: false });
    return (await tried).code === 0;
  };
  const targetOf = (endpoint: Endpoint, from: string): string[] =>
    endpoint.kind === 'port'
      ? ['port', from === node ? '127.0.0.1' : node, String(endpoint.port)]
      : ['socket', '-', endpoint.path];
  const instance = (name: Case): Instance =>
    instanceSchema.parse({
      ...{
        id: `${id}${name}`,
        clusterId: 'c',
        clusterName: cluster,
        recipe: 'x',
        kind: 'app',
        title: name,
        icon: 'app',
        path: '',
      },
      ...{ launcher: 'login', state: 'ready', steps: [], createdAt: 1, endedAt: null, route: null, error: null },
      ...{
        job: { ...unknownJob(job), node },
        logTail: '',
        directory: root,
        input: null,
        endpoint: endpoints.get(name),
      },
    });

  const look = (name: Case, enter: Launcher['enter'], asked: boolean): Promise<Exposure> =>
    checkExposure({ instance: instance(name), connection, launcher: { enter }, clock: systemClock, asked });

  beforeAll(async () => {
    info = await upCluster(cluster, 'shared');
    await asUser('ada', info, entry, `cat >/home/ada/${id}.py`, { input: listeners });
    const command = `exec python3 /home/ada/${id}.py ${root} ${node}`;
    if (node === entry) {
      await asUser('ada', info, node, `setsid -f sh -c '${command}' </dev/null >/tmp/${id}.log 2>&1`);
    } else {
      const wrap = [
        'sbatch',
        '--parsable',
        '-p',
        'cpu',
        '-w',
        node,
        '-n1',
        '--mem=100',
        '-o',
        `/tmp/${id}.log`,
        '-J',
        id,
      ];
      job = (await asUser('ada', info, entry, [...wrap, '-t', '5', '--wrap', command])).stdout.trim();
    }
    const { stdout } = await eventually(
      () => onNode(info, node, `cat ${root}/where || cat /tmp/${id}.log`, { check: false }),
      ({ stdout: seen }) => seen.startsWith('[['),
    );
    for (const [name, endpoint] of JSON.parse(stdout) as [Case, Endpoint][]) endpoints.set(name, endpoint);
    const bastion = info.hosts.bastion ? await liveConnection(info, 'bastion') : null;
    const live = await liveConnection(info, entry, bastion ? { through: bastion } : {});
    connection = live;
    close = () => {
      live.close();
      bastion?.close();
    };
    await Promise.all(cases.map(async (name) => found.set(name, await look(name, slurm.enter, false))));
  });
  afterAll(async () => {
    close?.();
    if (job) await asUser('ada', info, entry, ['scancel', job]);
    await onNode(info, node, `pkill -f ${id}.py; rm -rf ${root} /tmp/${id}.log`, { check: false });
    await asUser('ada', info, entry, ['rm', '-f', `/home/ada/${id}.py`]);
  });

  test.each(cases)('%s: what is said is what a second user can do', async (name) => {
    const said = found.get(name);
    const endpoint = endpoints.get(name);
    if (!said || !endpoint) throw new Error(`${name} was not looked at`);
    expect(said, JSON.stringify(said, null, 1)).toMatchObject({ level: levels[name] });
    let near = targetOf(endpoint, node);
    let far = targetOf(endpoint, entry);
    const port = /port (\d+)/.exec(said.text)?.[1];
    if (name === 'besides')
      [near, far] = [
        ['port', '127.0.0.1', String(port)],
        ['port', node, String(port)],
      ];
    if (name === 'abstract') near = far = ['socket', '-', `@${root}`];
    expect({
      ben: await can('ben', node, near),
      stranger: await can('stranger', node, near),
      ...(entry === node ? {} : { benFromLogin: await can('ben', entry, far) }),
    }).toEqual({
      ben: said.level !== 'only-you',
      stranger: said.level === 'node' || said.level === 'cluster',
      ...(entry === node ? {} : { benFromLogin: said.level === 'cluster' }),
    });
    const beginning = {
      'only-you': 'Only you: ',
      group: name === 'group' ? 'Your group lab: ' : 'You and ',
      node: `Everyone with an account on ${node}: `,
      cluster: 'Everyone on the cluster: ',
      unknown: '',
    }[said.level];
    expect(said.text.startsWith(beginning), said.text).toBe(true);
  });

  test('by ssh to the node, and with no way in but the files, it says the same or less', async () => {
    const noWay = () => null;
    expect(await look('besides', noWay, true)).toMatchObject({ level: 'cluster' });
    const blind = await look('besides', noWay, false);
    expect(blind.level).toBe(node === entry ? 'cluster' : 'unknown');
  });

  test('says which folder keeps others out, and what was looked at', () => {
    expect(found.get('closed')?.text).toBe(`Only you: the folder ${root}/closed is closed to others.`);
    expect(found.get('closed')?.evidence).toEqual(
      expect.arrayContaining([
        `srwxrwxrwx ada ada ${root}/closed/s`,
        `drwx------ ada ada ${root}/closed`,
        `1 process of the app looked at on ${node}`,
      ]),
    );
    expect(found.get('shut')?.text).toBe('Only you: the socket is closed to others.');
    expect(found.get('besides')?.text).toMatch(/, opened by the app besides its page\. The page itself: only you\.$/);
  });
});
