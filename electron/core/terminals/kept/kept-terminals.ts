import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { type KeptTerminal, keptTerminalIdSchema, type NotKept } from '../../../shared/terminals.ts';
import type { Connection, RunResult, Shell, TerminalSize } from '../../ssh/types.ts';
import type { KeptOpening } from '../types.ts';
import { attachScript, keepingProgram, NO_PYTHON, programScript } from './program.ts';

/** One that nobody shows and that writes nothing ends after so long. */
const IDLE_SECONDS = 72 * 3600;

const recordSchema = z.object({
  id: keptTerminalIdSchema,
  node: z.string().max(255),
  title: z.string().max(200),
  startedAt: z.number(),
});
const lookSchema = z.object({
  node: z.string(),
  sessions: z.array(recordSchema.extend({ running: z.string().max(60).nullish(), isAttached: z.boolean().nullish() })),
});
const startSchema = z.union([z.object({ started: recordSchema }), z.object({ refused: z.literal('ends-at-logout') })]);
const closeSchema = z.object({ isClosed: z.boolean() });

interface Opening extends TerminalSize {
  clusterId: string;
  type: string;
  title: string;
  /** null: the login shell. */
  script: string | null;
  isInJob: boolean;
  signal?: AbortSignal;
}

/** Opens a terminal that goes on where the connection ends, or a plain one with the reason why not. */
export async function openKeptTerminal(connection: Connection, asked: Opening): Promise<KeptOpening> {
  const { type, columns, rows, signal, script } = asked;
  const options = { type, columns, rows, ...(signal ? { signal } : {}) };
  const started = asked.isInJob ? notKept('in-job') : await start(connection, asked);
  if ('reason' in started) {
    const terminal = await connection.openTerminal({ ...options, ...(script === null ? {} : { script }) });
    return { ...terminal, kept: null, notKept: started };
  }
  try {
    const terminal = await connection.openTerminal({ ...options, script: attachScript(started.id) });
    return { ...terminal, kept: started, notKept: null };
  } catch (error) {
    // Nobody has seen it. Where the node is not reached, it ends when its time without a viewer is over.
    await closeKeptTerminal(connection, started.id).catch(() => undefined);
    throw error;
  }
}

/** All that are known there; those of other nodes as their files say. */
export async function lookForKept(
  shell: Shell,
  clusterId: string,
  signal?: AbortSignal,
): Promise<{ node: string; terminals: KeptTerminal[] }> {
  const result = await runProgram(shell, ['look'], signal);
  // Without python3 there are none.
  if (result.exitCode === NO_PYTHON) return { node: '', terminals: [] };
  const { node, sessions } = parseAnswer(lookSchema, result);
  const terminals = sessions.map(({ running = null, isAttached = null, ...record }) => ({
    ...fromRecord(record, clusterId),
    running,
    isAttached,
  }));
  return { node, terminals };
}

/** @throws AppError `not-found` */
export function findById(terminals: readonly KeptTerminal[], id: string): KeptTerminal {
  const found = terminals.find((terminal) => terminal.id === id);
  if (found) return found;
  throw new AppError('not-found', 'This terminal has ended.', { hint: 'Open a new one.' });
}

export async function closeKeptTerminal(shell: Shell, id: string, signal?: AbortSignal): Promise<void> {
  const { isClosed } = parseAnswer(closeSchema, await runProgram(shell, ['close', id], signal));
  if (!isClosed) throw new AppError('command-failed', 'The terminal did not end.', { hint: 'Try again.' });
}

async function start(connection: Connection, asked: Opening): Promise<KeptTerminal | NotKept> {
  const id = randomBytes(5).toString('hex');
  const { title, type, script, columns, rows } = asked;
  const options = JSON.stringify({ title, type, script, columns, rows, idleSeconds: IDLE_SECONDS });
  const result = await runProgram(connection, ['start', id, Buffer.from(options).toString('base64')], asked.signal);
  if (result.exitCode === NO_PYTHON) return notKept('no-python');
  if (result.exitCode !== 0) return notKept('start-failed', lastLine(result.stderr));
  const answer = parseAnswer(startSchema, result);
  if ('refused' in answer) return notKept(answer.refused);
  return { ...fromRecord(answer.started, asked.clusterId), running: null, isAttached: true };
}

const runProgram = (shell: Shell, args: readonly string[], signal?: AbortSignal): Promise<RunResult> =>
  shell.run(programScript(args), { stdin: Buffer.from(keepingProgram), ...(signal ? { signal } : {}) });

function parseAnswer<T>(schema: z.ZodType<T>, { exitCode, stdout, stderr }: RunResult): T {
  try {
    if (exitCode === 0) return schema.parse(JSON.parse(stdout));
  } catch (error) {
    throw unreadable(stdout, error);
  }
  throw unreadable(stderr);
}

const unreadable = (text: string, cause?: unknown): AppError =>
  new AppError('command-failed', message`The terminals there could not be listed: ${{ text: lastLine(text) }}`, {
    detail: text.slice(-2000),
    cause,
  });

const lastLine = (text: string): string => (text.trim().split('\n').at(-1) ?? '').slice(0, 300);

const notKept = (reason: NotKept['reason'], detail = ''): NotKept => ({ reason, detail });

const fromRecord = ({ startedAt, ...record }: z.infer<typeof recordSchema>, clusterId: string) => ({
  ...record,
  clusterId,
  startedAt: startedAt * 1000,
});
