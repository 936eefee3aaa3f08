import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { version } from '../../cli/version.ts';
import type { CoreClient } from '../../electron/client/core-client.ts';
import { findLiveEngine } from '../../electron/client/engine-address.ts';
import { createReconnectingClient } from '../../electron/client/reconnecting-client.ts';
import { type CommandResult, runCommand } from './clusters.ts';
import { eventually } from './instance.ts';
import { PATIENCE_MS } from './patience.ts';

const root = join(import.meta.dirname, '../..');
const place = join(root, 'test-results/bundles/cli');

/** Bundles the command, the engine that it starts, the demo server and the SDK as `dist/` holds them; returns the command's file. */
export async function bundleCli(): Promise<string> {
  mkdirSync(place, { recursive: true });
  for (const data of ['recipes', 'sites']) {
    if (!existsSync(join(place, data))) symlinkSync(join(root, data), join(place, data));
  }
  await build({
    entryPoints: {
      cli: join(root, 'cli/main.ts'),
      'engine-background': join(root, 'electron/engine-background.ts'),
      'demo-cluster': join(root, 'electron/core/demo/server.ts'),
      'sdk/index': join(root, 'sdk/index.ts'),
    },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outdir: join(place, 'dist'),
    logLevel: 'error',
  });
  return join(place, 'dist/cli.js');
}

/** A command that runs. */
interface StartedCommand {
  child: ChildProcess;
  /** Of its standard output. */
  firstLine: string;
  output(): string;
  errors(): string;
  ended: Promise<number | null>;
}

/** `tunel` as one user of this machine has it: with a home, a data directory and an engine of its own. */
export class Tunel {
  readonly file: string;
  readonly dataDirectory: string;
  readonly environment: NodeJS.ProcessEnv;

  constructor(file: string, home: string) {
    this.file = file;
    const { PATH, LANG, TUNEL_NO_ENGINE } = process.env;
    // Nothing of this machine's user: no agent, no keyring, no terminal.
    this.dataDirectory = join(home, 'tunel-data');
    this.environment = {
      ...{ PATH, LANG, TUNEL_NO_ENGINE },
      ...{ HOME: home, USER: 'ada', TUNEL_DATA_DIR: this.dataDirectory },
    };
  }

  get argv(): string[] {
    const set = Object.entries(this.environment).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${value}`],
    );
    return ['env', '-i', ...set, process.execPath, this.file];
  }

  /** Runs one command to its end; any exit code. */
  run(...args: string[]): Promise<CommandResult> {
    const [file = '', ...rest] = [...this.argv, ...args];
    return runCommand(file, rest, { check: false, signal: AbortSignal.timeout(PATIENCE_MS) });
  }

  /** Ends the engine of this data directory, if one runs, and waits until it has. */
  async stopEngine(): Promise<void> {
    await this.run('engine', 'stop', '--force');
    await eventually(
      () => this.engineProcesses(),
      (running) => running === '',
    );
  }

  /** Whether a command hosts its engine itself in this run of the tests. */
  get isEngineHosted(): boolean {
    return this.environment.TUNEL_NO_ENGINE !== undefined;
  }

  /** Running commands of this data directory, a line each: other test files run the same program. */
  async commandProcesses(): Promise<string> {
    const lines = (await listProcesses(this.file)).split('\n').filter(Boolean);
    const own = lines.filter((line) => this.#isOwn(line.split(' ', 1)[0] ?? ''));
    return own.join('\n');
  }

  #isOwn(pid: string): boolean {
    try {
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      return variables.includes(`TUNEL_DATA_DIR=${this.dataDirectory}`);
    } catch {
      // It has ended meanwhile.
      return false;
    }
  }

  /** The engine in the background and the demo cluster, a line each. */
  engineProcesses(): Promise<string> {
    return listProcesses(this.dataDirectory);
  }

  /** Runs one command that must succeed and prints JSON. */
  async json(...args: string[]): Promise<unknown> {
    const { stdout, stderr, code } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(`tunel ${args.join(' ')}: exit code ${code}: ${stderr || stdout}`);
    return JSON.parse(stdout);
  }

  /** A command that stays; `firstLine` of its standard output. */
  async start(...args: string[]): Promise<StartedCommand> {
    const child = spawn(process.execPath, [this.file, ...args], {
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    let out = '';
    const firstLine = await new Promise<string>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
        if (out.includes('\n')) resolve(out.slice(0, out.indexOf('\n')));
      });
      void ended.then((code) => reject(new Error(`tunel ${args.join(' ')} ended with ${code}: ${err}`)));
    });
    return { child, firstLine, output: () => out, errors: () => err, ended };
  }

  /** Another client of this data directory's engine, which has to run. */
  client(): CoreClient {
    return createReconnectingClient({
      findEngine: () => findLiveEngine(this.dataDirectory),
      version,
      startEngine: () => Promise.reject(new Error('no engine runs')),
    });
  }

  /** A command that stays, on a terminal of its own. */
  startOnTerminal(...args: string[]): { output(): string; ended: Promise<number | null> } {
    const child = spawn('python3', ['-c', terminal, '[]', ...this.argv, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
    });
    return { output: () => shown, ended: new Promise((resolve) => child.once('close', resolve)) };
  }

  /** Runs one command on a terminal of its own and answers: when the first text of a pair appears, types the second. */
  onTerminal(args: string[], answers: readonly (readonly [string, string])[]): Promise<CommandResult> {
    return runCommand('python3', ['-c', terminal, JSON.stringify(answers), ...this.argv, ...args], {
      check: false,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  }
}

const listProcesses = async (pattern: string): Promise<string> =>
  (await runCommand('pgrep', ['-af', pattern], { check: false })).stdout;

const terminal = `import json, os, pty, select, sys
answers = json.loads(sys.argv[1])
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
seen = ''
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
    seen += data.decode('utf-8', 'replace')
    if answers and answers[0][0] in seen:
        seen = ''
        os.write(fd, answers.pop(0)[1].encode())
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
`;
