import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Core } from '../electron/core/core.ts';
import { AppError } from '../electron/shared/errors.ts';
import type { Prompt, PromptAnswer } from '../electron/shared/prompts.ts';
import { say } from './output.ts';

/** Asks each prompt of the core on the terminal. Without a terminal the prompt is cancelled, with words. */
export function answerPrompts(core: Core, signal: AbortSignal): () => void {
  const asked = new Set<string>();
  let queue = Promise.resolve();
  const look = () => {
    for (const prompt of core.snapshot().state.prompts) {
      if (asked.has(prompt.id)) continue;
      asked.add(prompt.id);
      queue = queue.then(async () => {
        const answer = await askSafely(prompt, signal);
        // Another program or a lost connection may have ended the prompt meanwhile.
        await core.request('prompts.answer', { id: prompt.id, answer }).catch((error: unknown) => {
          if (AppError.from(error).code !== 'not-found') say(AppError.from(error).message);
        });
      });
    }
  };
  look();
  return core.onChanges(look);
}

async function askSafely(prompt: Prompt, signal: AbortSignal): Promise<PromptAnswer> {
  if (!process.stdin.isTTY) {
    say(`${prompt.clusterName} asks a question, and there is no terminal to ask it on. Run the command in a terminal.`);
    return { kind: 'cancel' };
  }
  try {
    return await ask(prompt, signal);
  } catch {
    // Ctrl-C or Ctrl-D at the question.
    return { kind: 'cancel' };
  }
}

async function ask(prompt: Prompt, signal: AbortSignal): Promise<PromptAnswer> {
  switch (prompt.kind) {
    case 'secret': {
      if (prompt.wrong > 0) say('That was not right.');
      const value = await readLine(
        `${prompt.secret === 'password' ? 'Password' : 'Passphrase'} for ${prompt.subject}: `,
        false,
        signal,
      );
      return { kind: 'secret', value, remember: false };
    }
    case 'interactive': {
      if (prompt.instructions) say(prompt.instructions);
      const values: string[] = [];
      for (const field of prompt.fields) values.push(await readLine(`${field.text} `, field.echo, signal));
      return { kind: 'interactive', values };
    }
    case 'host-key': {
      say(`The host key of ${prompt.host}:${prompt.port} is not known yet.`);
      say(`${prompt.keyType} ${prompt.fingerprint}`);
      const reply = await readLine('Compare it with what your site tells. Trust it (yes/no)? ', true, signal);
      return reply.trim() === 'yes' ? { kind: 'host-key', accept: true, save: true } : { kind: 'cancel' };
    }
  }
}

async function readLine(question: string, echo: boolean, signal: AbortSignal): Promise<string> {
  const output = echo ? process.stderr : new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
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
    if (!echo) process.stderr.write('\n');
  }
}
