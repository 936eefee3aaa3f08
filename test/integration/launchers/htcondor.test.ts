import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { observe } from '../../../electron/core/instances/directory.ts';
import { newInstanceId } from '../../../electron/core/instances/meta.ts';
import { type RunScriptInput, runScript, startScript } from '../../../electron/core/instances/run-script.ts';
import { makeTar } from '../../../electron/core/instances/tar.ts';
import { htcondor } from '../../../electron/core/launchers/htcondor.ts';
import type { Submission } from '../../../electron/core/launchers/launcher.ts';
import type { Shell } from '../../../electron/core/ssh/types.ts';
import { type JobStatus, type Resources, resourcesSchema } from '../../../electron/shared/instances.ts';
import { asUser, type ClusterInfo, onNode, upCluster } from '../../helpers/clusters.ts';
import { eventually, untilJob } from '../../helpers/instance.ts';
import { type SshShell, sshShell } from '../../helpers/ssh-shell.ts';

interface Job {
  id: string;
  directory: string;
  submission: Submission;
}

let cluster: ClusterInfo;
let shell: SshShell;
const made: string[] = [];
const submitted: Job[] = [];

const ada = (command: string | string[], check = true) => asUser('ada', cluster, 'csub', command, { check });
const file = async (path: string): Promise<string> => (await ada(['cat', path])).stdout;
const text = (name: string, content: string, mode = 0o600) => ({ name, data: Buffer.from(content), mode });

/** An instance's directory as a launch makes it, with the real run.sh. */
async function prepare(
  script: string,
  resources: Partial<Resources> = {},
  change: Partial<RunScriptInput> = {},
): Promise<Submission> {
  const id = newInstanceId();
  const directory = `/home/ada/.tunel/${id}`;
  const input: RunScriptInput = {
    id,
    directory,
    listen: null,
    port: null,
    workDirectory: '',
    environment: '',
    modules: [],
    transfer: htcondor.transfer,
    ...change,
  };
  made.push(directory);
  const tar = makeTar([
    text('run.sh', runScript(input), 0o700),
    text('start.sh', startScript(input)),
    text('environment.sh', ''),
    text('script.sh', script, 0o700),
    text('secret', 'very-secret\n'),
    text('instance.json', '{}'),
    text('files/with space, and comma.txt', 'sent along\n', 0o600),
  ]);
  await asUser('ada', cluster, 'csub', `umask 077; mkdir -p ${directory} && cd ${directory} && tar -xof -`, {
    input: Buffer.from(tar).toString('latin1'),
  });
  return { instanceId: id, directory, jobName: `tunel-${id}`, resources: resourcesSchema.parse(resources) };
}

async function submit(...args: Parameters<typeof prepare>): Promise<Job> {
  const submission = await prepare(...args);
  const job = { id: await htcondor.submit(shell, submission), directory: submission.directory, submission };
  submitted.push(job);
  return job;
}

const until = (job: Job, test: (status: JobStatus) => boolean, limit?: number) =>
  untilJob(htcondor, shell, job, test, limit);
const isOver = ({ state }: JobStatus): boolean => !['pending', 'running', 'held', 'unknown'].includes(state);
const seen = async (job: Job) => {
  const id = job.submission.instanceId;
  const found = (await observe(shell, [{ id, directory: job.directory, logFrom: 0, job: null }])).get(id);
  if (!found) throw new Error(`${id} was not looked at`);
  return found;
};

beforeAll(async () => {
  cluster = await upCluster('htcondor');
  shell = sshShell(cluster, 'csub');
});
afterEach(async () => {
  const jobs = submitted.splice(0);
  if (jobs.length > 0) await htcondor.cancel(shell, jobs, 'now');
});
afterAll(async () => {
  if (made.length > 0) await ada(['rm', '-rf', ...made]);
});

it('detects version and machines, and nothing where there is no HTCondor', async () => {
  const info = await htcondor.detect(shell);
  expect(info).toMatchObject({ name: 'htcondor', queues: [], accounts: [] });
  expect(info?.version).toMatch(/^23\.9\./);
  expect(info?.pool).toMatchObject({ machines: 2, cpusTotal: 8, largest: { cpus: 4, memory: 4000, gpus: 0 } });
  const login = await upCluster('login');
  expect(await htcondor.detect(sshShell(login, 'login'))).toBeNull();
});

const server = `import os, socket
s = socket.socket(socket.AF_UNIX)
s.bind(os.environ['TUNEL_SOCKET'])
s.listen()
print('listening', flush=True)
while True:
    c, _ = s.accept()
    c.sendall(b'hello from ' + os.uname()[1].encode())
    c.close()
`;

describe('an app', () => {
  it('tells where it listens from a machine without the home directory, and brings its work back when it is stopped', async () => {
    const job = await submit(
      `#!/bin/bash
echo "home $HOME"; echo err >&2; umask
stat -c '%a %n' "$TUNEL_DIR" "$TUNEL_TOKEN_FILE" "$HOME" "$TUNEL_DIR"/files/*
trap 'echo saved >notebook.ipynb; kill %1; exit 0' TERM
python3 -c '${server.replaceAll("'", '"')}' & wait`,
      { cpus: 1, memory: 200, time: 30 },
      { listen: 'socket' },
    );
    const found = await eventually(
      () => seen(job),
      ({ endpoint }) => endpoint !== null,
    );
    const status = await until(job, ({ state }) => state === 'running');
    expect(status.node).toMatch(/^w[12]\.pool\.test$/);
    expect((status.endsAt ?? 0) - (status.startedAt ?? 0)).toBeGreaterThanOrEqual(29 * 60_000);
    expect(found.node && status.node.startsWith(found.node)).toBe(true);
    expect(found.endpoint).toMatchObject({ kind: 'socket', node: found.node });
    const { log } = await eventually(
      () => seen(job),
      (look) => look.log?.bytes.includes('listening') ?? false,
    );
    const words = log?.bytes.toString() ?? '';
    const scratch = found.endpoint?.kind === 'socket' ? found.endpoint.path.replace(/\/s$/, '') : '';
    expect(words).toContain(`home ${scratch}/home\n`);
    expect(words).toContain('err\n');
    expect(words).toContain('\n0022\n');
    expect(words).toContain(`700 ${scratch}\n600 ${scratch}/secret\n700 ${scratch}/home\n`);
    expect(words).toContain(`600 ${scratch}/files/with space, and comma.txt\n`);
    const modes = await ada(`cd ${job.directory} && stat -c '%a %n' log started endpoint`);
    expect(modes.stdout).toBe('600 log\n600 started\n600 endpoint\n');

    const path = found.endpoint?.kind === 'socket' ? found.endpoint.path : '';
    const client = `python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.connect("${path}"); print(s.recv(99).decode())'`;
    const inside = await shell.run(htcondor.enter({ ...job, node: status.node }, client) ?? '');
    expect(inside.stdout.trim()).toBe(`hello from ${found.node}`);

    await htcondor.cancel(shell, [job], 'ask');
    const ended = await until(job, isOver);
    expect(ended).toMatchObject({ state: 'completed', exitCode: 0, signal: null, reason: '' });
    expect(await file(`${job.directory}/work/notebook.ipynb`)).toBe('saved\n');
    expect((await seen(job)).exitCode).toBe(0);
  });
});
