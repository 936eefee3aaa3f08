import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { CoreClient } from '../electron/client/core-client.ts';
import { AppError } from '../electron/shared/errors.ts';
import type { Prompt, PromptAnswer } from '../electron/shared/prompts.ts';
import type { EngineState } from '../electron/shared/state.ts';
import { passCtrlCOn } from './end-by-signal.ts';
import { printMessage } from './output.ts';

interface Asker {
  client: Pick<CoreClient, 'request'>;
  interrupted: AbortSignal;
}
interface PromptSource {
  readonly state: Pick<EngineState, 'prompts'>;
  onChange(listener: () => void): () => void;
}

/** Asks the engine's questions on this terminal, one after the other, until each is answered here or by another client. */
export function askPrompts({ client, interrupted }: Asker, source: PromptSource): () => void {
  const life = new AbortController();
  /** The questions seen here; what fires closes one. */
  const seen = new Map<string, AbortController>();
  let queue = Promise.resolve();

  const ask = async (prompt: Prompt, closed: AbortSignal) => {
    const signal = AbortSignal.any([interrupted, life.signal, closed]);
    if (life.signal.aborted || closed.aborted) return;
    if (prompt.kind === 'approval') return printMessage(describeApproval(prompt));
    const answer = await askOnTerminal(prompt, signal);
    if (life.signal.aborted) return;
    if (closed.aborted) return printMessage('The question was answered elsewhere.');
    await client.request('prompts.answer', { id: prompt.id, answer }).catch((thrown: unknown) => {
      const error = AppError.from(thrown);
      // Another client or a lost connection may have closed the question meanwhile.
      if (error.code !== 'not-found') printMessage(error.message);
    });
  };
  const look = () => {
    const { prompts } = source.state;
    for (const [id, controller] of seen) if (!prompts.some((prompt) => prompt.id === id)) controller.abort();
    for (const prompt of prompts) {
      if (seen.has(prompt.id)) continue;
      const controller = new AbortController();
      seen.set(prompt.id, controller);
      queue = queue.then(() => ask(prompt, controller.signal));
    }
  };
  look();
  const stop = source.onChange(look);
  return () => {
    stop();
    life.abort();
  };
}

/** Ctrl-D cancels the question, Ctrl-C the command with it. */
async function askOnTerminal(prompt: Question, signal: AbortSignal): Promise<PromptAnswer> {
  try {
    return await ask(prompt, signal);
  } catch {
    return { kind: 'cancel' };
  }
}

type Question = Exclude<Prompt, { kind: 'approval' }>;

/** Nothing is typed for it: the sign-in goes on by itself, and Ctrl-C ends it with the command. */
function describeApproval({ option, subject }: Extract<Prompt, { kind: 'approval' }>): string {
  return option === null
    ? `No answer yet for ${subject}. If a request was sent to your phone, approve it there.`
    : `Approve on your phone: ${option}, for ${subject}.`;
}

/** Tells the questions of several hops apart; empty for the login node's. */
function namedHop({ hop }: Question): string {
  return hop && hop.role !== 'login' ? ` on ${hop.role === 'jump' ? 'jump host' : 'node'} ${hop.host}` : '';
}

async function ask(prompt: Question, signal: AbortSignal): Promise<PromptAnswer> {
  switch (prompt.kind) {
    case 'secret': {
      if (prompt.wrong > 0) printMessage('That was not right.');
      if (prompt.instructions) printMessage(prompt.instructions);
      const value = await readLine(
        `${prompt.secret === 'password' ? 'Password' : 'Passphrase'} for ${prompt.subject}${prompt.secret === 'password' ? namedHop(prompt) : ''}: `,
        false,
        signal,
      );
      return { kind: 'secret', value, remember: false };
    }
    case 'interactive': {
      const hop = namedHop(prompt);
      if (hop) printMessage(`For ${prompt.subject}${hop}:`);
      if (prompt.instructions) printMessage(prompt.instructions);
      const values: string[] = [];
      for (const field of prompt.fields) values.push(await readLine(`${field.text} `, field.echo, signal));
      return { kind: 'interactive', values };
    }
    case 'host-key': {
      printMessage(`The host key of ${prompt.host}:${prompt.port} is not known yet.`);
      printMessage(`${prompt.keyType} ${prompt.fingerprint}`);
      if (prompt.authority) {
        const { file, line } = prompt.authority;
        printMessage(
          `A certificate authority in ${file}, line ${line}, vouches for this host, which is not checked here.`,
        );
      }
      const reply = await readLine('Compare it with the one your site publishes. Trust it (yes/no)? ', true, signal);
      return reply.trim() === 'yes' ? { kind: 'host-key', accept: true, save: true } : { kind: 'cancel' };
    }
  }
}

async function readLine(question: string, echo: boolean, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const output = echo ? process.stderr : new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  passCtrlCOn(terminal);
  // Ctrl-C and Ctrl-D close the terminal without an answer; the question alone would wait for ever.
  const closed = new Promise<never>((_, reject) => {
    terminal.once('close', () => reject(new AppError('cancelled', 'No answer was given.')));
  });
  closed.catch(() => undefined);
  // Only now: until the terminal is taken, it shows what is typed.
  process.stderr.write(question);
  try {
    return await Promise.race([terminal.question('', { signal }), closed]);
  } finally {
    terminal.close();
    if (!echo || signal.aborted) process.stderr.write('\n');
  }
}
