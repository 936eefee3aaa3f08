import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Prompt, PromptAnswer, Tunel as TunelClient } from '../../../sdk/index.ts';
import { bundleCli, Tunel } from '../../helpers/cli.ts';
import { type ClusterInfo, oneTimeCode, onNode, resetOneTimeCodes, upCluster } from '../../helpers/clusters.ts';
import { eventually } from '../../helpers/instance.ts';
import { byCommandLine, byCurl, byPython, byTypeScript, type NineCalls } from './nine-calls.ts';

type Sdk = typeof import('../../../sdk/index.ts');

const root = join(import.meta.dirname, '../../..');
/** The port of the login node that asks for a password, then for a one-time code. */
const port = 2204;
/** From the login node each cluster is reached at a port of its own. */
const clusters = [
  { name: 'slurm24', forwarded: 24_001 },
  { name: 'htcondor', forwarded: 24_002 },
  { name: 'gridengine', forwarded: 24_003 },
] as const;

let login: ClusterInfo;
const infos = new Map<string, ClusterInfo>();
let home = '';
let tunel: Tunel;
let sdk: Sdk;
let window: TunelClient;
let forwards: ChildProcess | null = null;
const asked: Prompt[] = [];

beforeAll(async () => {
  login = await upCluster('login', 'alone as ada');
  for (const { name } of clusters) infos.set(name, await upCluster(name, 'shared'));
  home = mkdtempSync(join(tmpdir(), 'tunel-nine-calls-'));
  await forwardToClusters();
  const file = await bundleCli();
  tunel = new Tunel(file, home);
  delete tunel.environment.TUNEL_NO_ENGINE;
  sdk = await import(join(dirname(file), 'sdk/index.js'));
  process.env.TUNEL_DATA_DIR = tunel.dataDirectory;
  window = await sdk.connect({ onPrompt: answer });
});
afterAll(async () => {
  window?.close();
  await tunel?.stopEngine();
  forwards?.kill();
  rmSync(home, { recursive: true, force: true });
});

/** The login node reaches the clusters through this machine, by OpenSSH. */
async function forwardToClusters(): Promise<void> {
  const ports = clusters.flatMap(({ name, forwarded }) => ['-R', `127.0.0.1:${forwarded}:${entryOf(name)}:22`]);
  const options = ['-F', login.ssh_config, '-N', '-o', 'BatchMode=yes', '-o', 'ExitOnForwardFailure=yes'];
  forwards = spawn('ssh', [...options, ...ports, 'login'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const reach = `exec 3<>/dev/tcp/127.0.0.1/${clusters[2].forwarded}`;
  await eventually(
    () => onNode(login, 'login', reach, { check: false }),
    ({ code }) => code === 0,
  );
}

const infoOf = (name: string): ClusterInfo => {
  const info = infos.get(name);
  if (!info) throw new Error(`${name} is not up.`);
  return info;
};
const entryOf = (name: string): string => infoOf(name).hosts[infoOf(name).entry]?.address ?? '';

/** As a person does in the window. */
function answer(prompt: Prompt): PromptAnswer {
  asked.push(prompt);
  if (prompt.kind === 'secret') return { kind: 'secret', value: 'ada-secret', remember: false };
  if (prompt.kind !== 'interactive') throw new Error(`asked for ${prompt.kind}`);
  return { kind: 'interactive', values: prompt.fields.map(() => oneTimeCode(login)) };
}

/** How the cluster is saved: behind the bastion and the login node that asks for a second factor. */
function inputOf(name: string, forwarded: number) {
  const known = join(home, `known_hosts-${name}`);
  const key = readFileSync(infoOf(name).known_hosts, 'utf8')
    .split('\n')[0]
    ?.replace(/^\S+/, `[127.0.0.1]:${forwarded}`);
  writeFileSync(known, `${readFileSync(login.known_hosts, 'utf8')}\n${key}\n`);
  return {
    name: `two-${name}`,
    host: '127.0.0.1',
    port: forwarded,
    user: 'ada',
    jumps: [
      { host: '198.18.1.2', port: 22, user: 'ada' },
      { host: '198.18.2.2', port, user: 'ada' },
    ],
    keyFiles: [login.keys.ada ?? '', infoOf(name).keys.ada ?? ''],
    knownHostsFile: known,
  };
}

const script = '#!/bin/sh\ntr a-z A-Z <input.txt >output.txt\n';

/** All nine calls of one client; resolves with how long each took, ms. */
async function makeCalls(client: string, calls: NineCalls, folder: string): Promise<Record<string, number>> {
  const took: Record<string, number> = {};
  const timed = async <T>(name: string, work: Promise<T>): Promise<T> => {
    const begin = performance.now();
    const value = await work;
    took[name] = Math.round(performance.now() - begin);
    return value;
  };
  const [source, target] = [join(folder, `${client}.in`), join(folder, `${client}.out`)];
  writeFileSync(source, `from ${client}\n`);
  await timed('heartbeat', calls.heartbeat());
  await timed('create_user', calls.createUser());
  const id = await timed('create_job', calls.createJob(`${client} run`, script));
  await timed('upload_file', calls.uploadFile(id, 'input.txt', source));
  await calls.uploadFile(id, 'extra.txt', source);
  await timed('delete_file', calls.deleteFile(id, 'extra.txt'));
  await timed('launch_job', calls.launchJob(id));
  await calls.launchJob(id);
  const look = () => timed('check_job_state', calls.checkJobState(id));
  const over = await eventually(look, ({ state }) => ['completed', 'failed', 'canceled'].includes(state));
  expect(over, client).toMatchObject({
    state: 'completed',
    files: expect.arrayContaining(['input.txt', 'output.txt']),
  });
  expect(over.files).not.toContain('extra.txt');
  await timed('download_file', calls.downloadFile(id, 'output.txt', target));
  expect(readFileSync(target, 'utf8')).toBe(`FROM ${client.toUpperCase()}\n`);

  const endless = await calls.createJob(`${client} endless`, '#!/bin/sh\nsleep 600\n');
  await calls.launchJob(endless);
  await timed('cancel_job', calls.cancelJob(endless));
  await eventually(
    async () => (await calls.checkJobState(endless)).state,
    (state) => state === 'canceled',
  );
  return took;
}

test.each(clusters)('the nine calls by four clients on $name, after one code', async ({ name, forwarded }) => {
  await resetOneTimeCodes(login);
  asked.length = 0;
  const input = inputOf(name, forwarded);
  const scripts = (text: string) => {
    const file = join(home, `script-${text.length}.sh`);
    writeFileSync(file, text);
    return file;
  };
  const jumps = input.jumps.map((jump) => `${jump.user}@${jump.host}:${jump.port}`).join(',');
  const address = `${input.user}@${input.host}:${input.port}`;
  const save = [address, '-J', jumps, '-i', ...input.keyFiles, '--known-hosts', input.knownHostsFile];
  const folder = mkdtempSync(join(home, `${name}-`));
  const command = byCommandLine(tunel, input.name, scripts, save);
  const rows: Record<string, Record<string, number>> = { cli: await makeCalls('cli', command, folder) };
  const viaPython = byPython(tunel, input.name, join(root, 'python/src'));
  [rows.typescript, rows.python, rows.curl] = await Promise.all([
    makeCalls('typescript', byTypeScript(new sdk.HpcGateway(window, input.name)), folder),
    makeCalls('python', viaPython, folder).finally(() => viaPython.end()),
    makeCalls('curl', byCurl(tunel, input.name, input), folder),
  ]);
  console.log(`${name}, ms:\n${JSON.stringify(rows, null, 1)}`);
  expect(asked).toMatchObject([
    { kind: 'secret', secret: 'password', wrong: 0 },
    { kind: 'interactive', wrong: 0 },
  ]);
  for (const each of Object.values(rows)) expect(Object.keys(each)).toHaveLength(9);
});
