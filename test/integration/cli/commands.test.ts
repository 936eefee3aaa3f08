import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { untilGone } from '../../helpers/apps.ts';
import { bundleCli, Tunel } from '../../helpers/cli.ts';
import { holdClusters } from '../../helpers/cluster-locks.ts';
import { asLocalOtherUser, type ClusterInfo, killSessions, runCommand, upCluster } from '../../helpers/clusters.ts';
import { eventually } from '../../helpers/instance.ts';

const root = join(import.meta.dirname, '../../..');
const appSchema = z.object({
  id: z.string(),
  state: z.string(),
  title: z.string(),
  launcher: z.string(),
  job: z.object({ id: z.string(), node: z.string() }).nullable(),
  endpoint: z.object({ node: z.string(), path: z.string() }).nullable(),
});

let slurm: ClusterInfo;
let home = '';
let tunel: Tunel;

beforeAll(async () => {
  await holdClusters(['login'], 'shared');
  await holdClusters(['slurm24'], 'alone as ada');
  await holdClusters(['htcondor', 'containers'], 'shared');
  const [login, containers, condor] = await Promise.all([
    upCluster('login'),
    upCluster('containers'),
    upCluster('htcondor'),
    upCluster('slurm24').then((info) => {
      slurm = info;
    }),
  ]);
  home = mkdtempSync(join(tmpdir(), 'tunel-cli-'));
  tunel = new Tunel(await bundleCli(), home);
  for (const info of [login, containers, condor, slurm]) {
    const bastion = info.hosts.bastion?.address;
    const address = bastion ? info.entry : info.hosts[info.entry]?.address;
    const keys = ['--key', info.keys.ada ?? '', '--known-hosts', info.known_hosts];
    const jump = bastion ? ['-J', `ada@${bastion}`] : [];
    const saved = await tunel.run('clusters', 'add', info.name, `ada@${address}`, ...keys, ...jump);
    expect(saved, saved.stderr).toMatchObject({ code: 0 });
  }
});
afterAll(async () => {
  // Those of this file only: another computer's apps are in the list as well.
  const left = z
    .array(z.object({ id: z.string(), input: z.unknown(), endedAt: z.number().nullable() }))
    .safeParse(await tunel?.json('ps', '--offline'));
  for (const { id, input, endedAt } of left.data ?? [])
    if (input !== null && endedAt === null) await tunel.run('stop-app', id, '--now');
  await tunel?.stopEngine();
  rmSync(home, { recursive: true, force: true });
});

/** A command whose input and output are the test's. */
function start(...args: string[]): { child: ChildProcess; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [tunel.file, ...args], { env: tunel.environment });
  return { child, ended: new Promise((resolve) => child.once('close', resolve)) };
}

const script = (name: string, text: string): string => {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
};

describe('exec', () => {
  test('carries input, both outputs and the exit code, through a jump host', async () => {
    const sent = randomBytes(300_000);
    const { child, ended } = start('exec', 'login', '--', 'sh', '-c', 'cat; echo "it\'s $0" >&2; exit 7', 'a b');
    const [out, err] = [child.stdout, child.stderr].map((stream) => (stream ? buffer(stream) : null));
    child.stdin?.end(sent);
    expect(await ended).toBe(7);
    expect((await out)?.equals(sent)).toBe(true);
    expect(String(await err)).toBe("it's a b\n");
  });

  test('takes one word as a line, and ends with whoever reads it', async () => {
    expect(await tunel.run('exec', 'login', 'echo $((6 * 7)) | cat')).toMatchObject({ code: 0, stdout: '42\n' });
    const { child, ended } = start('exec', 'login', 'yes');
    child.stdin?.end();
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect(await ended).toBe(141);
  });

  test('passes Ctrl-C on', async () => {
    const { child, ended } = start('exec', 'login', 'trap "echo caught; exit 9" INT; echo up; sleep 86222');
    child.stdin?.end();
    const out = child.stdout ? buffer(child.stdout) : null;
    child.stdout?.once('data', () => child.kill('SIGINT'));
    expect(await ended).toBe(9);
    expect(String(await out)).toBe('up\ncaught\n');
  });

  test('a failure of its own is 255', async () => {
    const nowhere = await tunel.run('exec', 'nowhere', 'ls');
    expect(nowhere).toMatchObject({ code: 255, stderr: expect.stringContaining('There is no cluster “nowhere”') });
    expect(await tunel.run('exec', 'login')).toMatchObject({
      code: 255,
      stderr: expect.stringContaining('Which command'),
    });
    expect(await tunel.run('shell', 'login')).toMatchObject({ code: 255, stderr: expect.stringContaining('terminal') });
  });
});

describe('a terminal', () => {
  test('is a login shell whose exit code is passed on', async () => {
    const done = await tunel.onTerminal(
      ['shell', 'login'],
      [['$', 'stty -echo; tty | tr / :; shopt login_shell; exit 5\r']],
    );
    expect(done.stdout).toMatch(/:dev:pts:\d+\s+login_shell\s+on/);
    expect(done.code).toBe(5);
  });

  test('runs one command, and shows nothing of how it came there', async () => {
    const done = await tunel.onTerminal(
      ['exec', '-t', 'login', '--', 'sh', '-c', 'test -t 1 && echo "on $1"; exit 4', 'x', "it's"],
      [],
    );
    expect(done).toMatchObject({ code: 4, stdout: expect.stringMatching(/^on it's\r+\n$/) });
  });
});

describe('a script as a job', () => {
  const batch = `#!/bin/bash
#SBATCH --time=7
echo "words $# [$1] [$2]; limit $(squeue -h -j "$SLURM_JOB_ID" -o %l)"
exit $1
`;

  test('runs with its own lines and its words, and its exit code is passed on', async () => {
    const done = await tunel.run('run-slurm', 'slurm24', '--memory', '100', script('job.sh', batch), '3', "it's");
    expect(done).toMatchObject({ code: 3, stdout: "words 2 [3] [it's]; limit 7:00\n" });
    expect(done.stderr).toMatch(/✓ submit .* job \d+/);
    expect(done.stderr).toContain('job.sh ended with exit code 3');
    const fine = await tunel.run('run-condor', 'htcondor', script('fine.sh', 'echo "$1 and $HOSTNAME"\n'), 'here');
    expect(fine).toMatchObject({ code: 0, stdout: expect.stringMatching(/^here and w[12]/) });
    expect(fine.stderr).toContain('fine.sh has ended.');
  });

  test('goes on alone when it is only submitted, until it is stopped by its name', async () => {
    const long = script('long.sh', '#!/bin/sh\necho begun\nsleep 600\n');
    const submitted = await tunel.run('run-slurm', '--json', '--no-wait', 'slurm24', long);
    const app = appSchema.parse(JSON.parse(submitted.stdout));
    expect(app).toMatchObject({ title: 'long.sh', launcher: 'slurm', job: { id: expect.stringMatching(/^\d+$/) } });
    const refused = await tunel.run('stop-slurm', 'slurm24', '--all');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was ended') });
    expect(refused.stderr).toContain(app.id);
    const [stopped] = z.array(appSchema).parse(await tunel.json('stop-slurm', 'slurm24', 'long.sh'));
    expect(stopped).toMatchObject({ id: app.id, state: 'ended' });
    await untilGone(slurm, ['c1', 'c2', 'slogin'], app.id);
    const none = await tunel.run('stop-slurm', 'slurm24', 'long.sh');
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing of “long.sh” runs') });
  });

  test('that cannot be is refused here', async () => {
    const windows = await tunel.run('run-slurm', 'slurm24', script('dos.sh', '#!/bin/sh\r\nls\r\n'));
    expect(windows).toMatchObject({ code: 1, stderr: expect.stringContaining('dos2unix') });
    const missing = await tunel.run('run-slurm', 'slurm24', 'no-such.sh', '--json');
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be read') });
    const there = await tunel.run('run-slurm', '--there', 'slurm24', '/no/such.sh');
    expect(there).toMatchObject({ code: 1, stderr: expect.stringContaining('/no/such.sh') });
  });
});

test('a running app is entered, asked and reached by hand, and its values are kept', async () => {
  const values = ['hello', '--launcher=slurm', '--memory=200', '--greeting=Kept', '--title=By hand'];
  const app = appSchema.parse(await tunel.json('launch', 'slurm24', ...values, '--wait', '--save-preset', 'mine'));
  const { node = '', path = '' } = app.endpoint ?? {};

  const inside = await tunel.run(
    'exec',
    '--app',
    app.id,
    '--',
    'sh',
    '-c',
    'hostname; echo "$SLURM_JOB_ID" >&2; exit 6',
  );
  expect(inside).toMatchObject({ code: 6, stdout: `${node}\n`, stderr: expect.stringContaining(app.job?.id ?? '?') });
  const shell = await tunel.onTerminal(
    ['shell', '--app', app.id],
    [['$', 'stty -echo; echo in $SLURM_JOB_ID on $(hostname); exit 5\r']],
  );
  expect(shell.stdout).toContain(`in ${app.job?.id} on ${node}`);
  expect(shell.code).toBe(5);

  expect(await tunel.json('api-get', '--app', app.id, '/api/facts')).toMatchObject({
    status: 200,
    type: 'application/json',
    body: { node, user: 'ada' },
  });
  expect((await tunel.run('api-get', '--app', app.id, '/')).stdout).toContain('Kept');
  const none = await tunel.run('api-get', '--app', app.id, '/none');
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('404') });
  const bare = await tunel.run('api-get', 'slurm24', '--socket', path, '--node', node, '/', '--json');
  expect(bare.code).toBe(1);
  expect(JSON.parse(bare.stdout)).toMatchObject({ status: 403 });

  const open = await tunel.start('tunnel', 'slurm24', '--socket', path, '--node', node);
  const local = open.firstLine;
  expect([statSync(local).mode & 0o777, statSync(dirname(local)).mode & 0o777]).toEqual([0o600, 0o700]);
  const curl = ['curl', '-s', '--unix-socket', local, '-w', '%{http_code}', '-o', '/dev/null', 'http://localhost/'];
  expect((await runCommand('curl', curl.slice(1))).stdout).toBe('403');
  expect((await asLocalOtherUser(curl, { check: false })).stdout).toBe('000');
  // The way there is found again after the connection was lost.
  expect(await killSessions(slurm, 'slogin')).toBeGreaterThan(0);
  await eventually(
    () => runCommand('curl', curl.slice(1), { check: false }),
    ({ stdout }) => stdout === '403',
  );
  open.child.kill('SIGINT');
  expect(await open.ended).toBe(130);
  expect(existsSync(dirname(local))).toBe(false);

  const port = await tunel.start('tunnel', 'slurm24', '--port', '22', '--local-port', '0');
  const reached = await runCommand('ssh-keyscan', ['-T', '20', '-p', new URL(port.firstLine).port, '127.0.0.1'], {
    check: false,
  });
  expect(reached.stdout).toContain('ssh-');
  port.child.kill('SIGINT');
  expect(await port.ended).toBe(130);

  expect(await tunel.json('presets')).toMatchObject([
    { name: 'mine', input: { recipe: 'hello', args: { greeting: 'Kept' } } },
  ]);
  const again = await tunel.run('run-app', 'slurm24', 'hello', '--save-preset', 'mine');
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('has a preset “mine” already') });
  const second = z
    .object({ id: z.string(), input: z.object({ args: z.unknown(), resources: z.object({ memory: z.number() }) }) })
    .parse(await tunel.json('run-app', 'slurm24', 'hello', '--preset', 'mine', '--memory', '150'));
  expect(second.input).toMatchObject({ args: { greeting: 'Kept' }, resources: { memory: 150 } });
  await tunel.run('presets', 'remove', 'hello', 'mine');
  expect(await tunel.json('presets')).toEqual([]);
  const missing = await tunel.run('run-app', 'slurm24', 'hello', '--preset', 'mine');
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('has no preset “mine”') });

  expect(await tunel.run('stop-slurm', 'slurm24', 'By hand')).toMatchObject({ code: 0 });
  const over = await tunel.run('exec', '--app', app.id, 'ls');
  expect(over).toMatchObject({ code: 255, stderr: expect.stringContaining('has ended') });
  for (const { id } of [app, second]) await untilGone(slurm, ['c1', 'c2', 'slogin'], id);
});

describe('a container in the foreground', () => {
  test.each([
    ['run-singularity', '/opt/images/tunel-python.sif', 'apptainer'],
    ['run-docker', '/opt/images/tunel-python.tar', 'podman'],
  ])('%s %s', async (command, image) => {
    const code = 'import os, sys; print(os.path.expanduser("~"), sys.argv[1:], os.getcwd()); sys.exit(4)';
    const done = await tunel.run(command, 'containers', 'exec', image, 'python3', '-c', code, 'a b', '--json');
    expect(done, done.stderr).toMatchObject({ code: 4, stdout: "/home/ada ['a b', '--json'] /home/ada\n" });
  });

  test('a shell in one, and what cannot be', async () => {
    const image = '/opt/images/tunel-python.sif';
    const done = await tunel.onTerminal(
      ['run-singularity', 'containers', 'shell', image],
      [['> ', 'stty -echo; echo in $APPTAINER_NAME; exit 6\r']],
    );
    expect(done.stdout).toContain('in tunel-python.sif');
    expect(done.code).toBe(6);
    const nothing = await tunel.run('run-docker', 'login', 'exec', 'docker://busybox', 'ls');
    expect(nothing).toMatchObject({ code: 255, stderr: expect.stringContaining('nothing that can run the image') });
    const verb = await tunel.run('run-singularity', 'containers', 'build', image);
    expect(verb).toMatchObject({ code: 255, stderr: expect.stringContaining('What is to be run?') });
  });
});

describe('the recipes of this repository', () => {
  test('all are valid, and docgen has a page for each', async () => {
    expect(await tunel.json('list-apps', '--validate')).toMatchObject({ problems: [] });
    const { recipes } = z
      .object({ recipes: z.array(z.object({ name: z.string() })) })
      .parse(await tunel.json('list-apps'));
    const site = join(home, 'site');
    await tunel.json('docgen', site);
    const library = z
      .object({ recipes: z.array(z.object({ name: z.string(), title: z.string(), page: z.string() })) })
      .parse(JSON.parse(readFileSync(join(site, 'library.json'), 'utf8')));
    expect(library.recipes.map(({ name }) => name).sort()).toEqual(recipes.map(({ name }) => name).sort());
    expect(recipes.length).toBeGreaterThan(15);
    const index = readFileSync(join(site, 'index.html'), 'utf8');
    for (const { title, page } of library.recipes) {
      expect(index).toContain(`href="${page}"`);
      expect(readFileSync(join(site, page), 'utf8')).toContain(`<h1>${title}</h1>`);
    }
  });

  test('one of Tunel is rendered as a launch does', async () => {
    const fixtures = ['--recipes', join(root, 'test/fixtures/tunel-recipes')];
    const renderedSchema = z.object({ context: z.record(z.string(), z.unknown()), script: z.string() });
    const render = async (...args: string[]) => renderedSchema.parse(await tunel.json('render', ...args, ...fixtures));
    const editor = await render('singularity/socket/editor');
    expect(editor.context).toMatchObject({ singularity: 'singularity', jobslug: 'singularity-socket-editor' });
    const notes = await render('socket/notes', '--launcher=podman');
    expect(notes.context).toMatchObject({ docker: 'podman', jobslug: 'socket-notes-preview' });
    expect((await render('slurm/port/files')).context.port).toBe(20_000);
    expect(await render('slurm/port/files', '--port=2000')).toMatchObject({ context: { port: 2000 } });
  });
});
