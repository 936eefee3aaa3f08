import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { readEngineAddress } from '../../../electron/client/engine-address.ts';
import type * as Sdk from '../../../sdk/index.ts';
import type { Tunel } from '../../helpers/cli.ts';
import { runCommand } from '../../helpers/clusters.ts';
import { python } from './python-package.ts';

/** The nine calls of the HPC gateway, by one kind of client, on one saved cluster. */
export interface NineCalls {
  heartbeat(): Promise<unknown>;
  createUser(): Promise<unknown>;
  createJob(name: string, script: string): Promise<string>;
  checkJobState(id: string): Promise<{ state: string; files: string[] }>;
  uploadFile(id: string, name: string, source: string): Promise<unknown>;
  downloadFile(id: string, name: string, target: string): Promise<unknown>;
  deleteFile(id: string, name: string): Promise<unknown>;
  launchJob(id: string): Promise<unknown>;
  cancelJob(id: string): Promise<unknown>;
}

const jobSchema = z.object({ id: z.string(), state: z.string() });
const filesSchema = z.object({ entries: z.array(z.object({ name: z.string() })) });
const listSchema = z.array(z.object({ name: z.string() }));
const namesOf = (entries: readonly { name: string }[]): string[] => entries.map(({ name }) => name);

/** @param save what saves the cluster, which the first client does */
export function byCommandLine(
  tunel: Tunel,
  cluster: string,
  scripts: (script: string) => string,
  save: string[],
): NineCalls {
  const run = async (...args: string[]): Promise<string> => {
    const { stdout, stderr, code } = await tunel.run(...args);
    if (code !== 0) throw new Error(`tunel ${args.join(' ')}: ${code}: ${stderr}`);
    return stdout;
  };
  return {
    heartbeat: () => run('engine', 'status'),
    createUser: () => run('clusters', 'add', cluster, ...save),
    async createJob(name, script) {
      const made = await tunel.json('jobs', 'create', cluster, name, '--script', scripts(script));
      return jobSchema.parse(made).id;
    },
    async checkJobState(id) {
      const { state } = jobSchema.parse(await tunel.json('jobs', 'show', id));
      const listed = await tunel.json('jobs', 'results', id);
      const files = Array.isArray(listed) ? listSchema.parse(listed) : filesSchema.parse(listed).entries;
      return { state, files: namesOf(files) };
    },
    uploadFile: (id, name, source) => run('jobs', 'put', id, source, name),
    downloadFile: (id, name, target) => run('jobs', 'get', id, name, target),
    deleteFile: (id, name) => run('jobs', 'rm', id, name),
    launchJob: (id) => run('jobs', 'submit', id),
    cancelJob: (id) => run('jobs', 'cancel', id),
  };
}

export function byTypeScript(gateway: Sdk.HpcGateway): NineCalls {
  return {
    heartbeat: () => gateway.heartbeat(),
    createUser: () => gateway.createUser(),
    createJob: (job_name, script) => gateway.createJob({ job_name, script }),
    async checkJobState(id) {
      const { state, files } = await gateway.checkJobState(id);
      return { state, files: namesOf(files) };
    },
    uploadFile: (id, name, source) => gateway.uploadFile(id, name, source),
    downloadFile: (id, name, target) => gateway.downloadFile(id, name, target),
    deleteFile: (id, name) => gateway.deleteFile(id, name),
    launchJob: (id) => gateway.launchJob(id),
    cancelJob: (id) => gateway.cancelJob(id),
  };
}

/** One process of Python for all calls; `end` ends it. */
export function byPython({ environment, file }: Tunel, cluster: string, source: string): NineCalls & { end(): void } {
  const child = spawn(python, [`${import.meta.dirname}/nine_calls.py`, cluster], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...environment, PYTHONPATH: source, TUNEL_COMMAND: `${process.execPath} ${file}` },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const call = async (...line: unknown[]): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(line)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`Python ended at ${line[0]}.`);
    return JSON.parse(value);
  };
  const stateSchema = z.object({ state: z.string(), files: listSchema });
  return {
    heartbeat: () => call('heartbeat'),
    createUser: () => call('create_user'),
    createJob: async (job_name, script) => z.string().parse(await call('create_job', { job_name, script })),
    async checkJobState(id) {
      const { state, files } = stateSchema.parse(await call('check_job_state', id));
      return { state, files: namesOf(files) };
    },
    uploadFile: (id, name, from) => call('upload_file', id, name, from),
    downloadFile: (id, name, target) => call('download_file', id, name, target),
    deleteFile: (id, name) => call('delete_file', id, name),
    launchJob: (id) => call('launch_job', id),
    cancelJob: (id) => call('cancel_job', id),
    end: () => child.stdin.end(),
  };
}

/** @param input what saves the cluster again, as it is saved */
export function byCurl({ dataDirectory }: Tunel, cluster: string, input: object): NineCalls {
  const ask = async (method: string, path: string, ...more: string[]): Promise<unknown> => {
    const address = readEngineAddress(dataDirectory);
    if (!address) throw new Error('No engine runs.');
    const options = [
      '--silent',
      '--show-error',
      '--fail-with-body',
      '--unix-socket',
      address.socket,
      '--request',
      method,
    ];
    const { stdout } = await runCommand('curl', ['--config', '-', ...options, ...more, `http://tunel/v1${path}`], {
      input: `header = "Authorization: Bearer ${address.token}"\n`,
    });
    return stdout === '' ? null : stdout.startsWith('{') || stdout.startsWith('[') ? JSON.parse(stdout) : stdout;
  };
  const json = (body: object) => ['--header', 'Content-Type: application/json', '--data', JSON.stringify(body)];
  const jobs = `/clusters/${cluster}/jobs`;
  return {
    heartbeat: () => ask('GET', '/status'),
    async createUser() {
      const { id } = z.object({ id: z.string() }).parse(await ask('GET', `/clusters/${cluster}`));
      return ask('PUT', `/clusters/${id}`, ...json({ input }));
    },
    createJob: async (name, script) => jobSchema.parse(await ask('POST', jobs, ...json({ name, script }))).id,
    async checkJobState(id) {
      const { state } = jobSchema.parse(await ask('GET', `${jobs}/${id}`));
      return { state, files: namesOf(filesSchema.parse(await ask('GET', `${jobs}/${id}/files`)).entries) };
    },
    uploadFile: (id, name, source) => ask('PUT', `${jobs}/${id}/files/${name}`, '--upload-file', source),
    downloadFile: (id, name, target) => ask('GET', `${jobs}/${id}/files/${name}`, '--output', target),
    deleteFile: (id, name) => ask('DELETE', `${jobs}/${id}/files/${name}`),
    launchJob: (id) => ask('POST', `${jobs}/${id}/submit`),
    cancelJob: (id) => ask('POST', `${jobs}/${id}/cancel`),
  };
}
