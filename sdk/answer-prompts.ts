import type { ClientEvent } from '../electron/client/core-client.ts';
import type { Connection } from './connection.ts';
import { TunelError } from './errors.ts';
import { pause } from './repeat.ts';
import type { ErrorCode, Prompt, PromptAnswer } from './types.ts';

const RECONNECT = 300;

/** Asking again would give the same answer; no token may hear questions. */
const refusals: readonly ErrorCode[] = ['not-permitted', 'token-invalid', 'token-expired', 'token-revoked'];

/** Answers a question of a sign-in; null: somebody else is to answer it. */
export type OnPrompt = (prompt: Prompt) => Promise<PromptAnswer | null> | PromptAnswer | null;

/**
 * Puts each question of a sign-in to the program once, until the connection is closed; resolves once that has begun.
 * @throws TunelError `not-permitted` for a token
 * @internal
 */
export async function answerPrompts(connection: Connection, onPrompt: OnPrompt): Promise<void> {
  const asked = new Set<string>();
  const answer = async (prompt: Prompt) => {
    if (asked.has(prompt.id)) return;
    asked.add(prompt.id);
    const send = (given: PromptAnswer) =>
      connection.request('prompts.answer', { id: prompt.id, answer: given }).catch(ignoreAnswered);
    try {
      const given = await onPrompt(prompt);
      if (given) await send(given);
    } catch (error) {
      // Nobody else knows that no answer comes.
      await send({ kind: 'cancel' });
      throw error;
    }
  };
  await new Promise<void>((resolve, reject) => {
    const listen = (event: ClientEvent) => {
      resolve();
      for (const prompt of promptsOf(event)) void answer(prompt);
    };
    follow(connection, listen).catch(reject);
  });
}

async function follow(connection: Connection, listen: (event: ClientEvent) => void): Promise<void> {
  while (!connection.closed.aborted) {
    await connection.subscribe(listen, { answersPrompts: true }).catch(throwRefusal);
    await pause(RECONNECT, connection.closed).catch(() => undefined);
  }
}

/** Any other failure ends with its engine, and the next one is asked. */
function throwRefusal(error: unknown): void {
  if (error instanceof TunelError && refusals.includes(error.code)) throw error;
}

function promptsOf(event: ClientEvent): Prompt[] {
  if (event.name === 'snapshot') return event.payload.state.prompts;
  if (event.name !== 'state.changed') return [];
  return event.payload.patches.flatMap((patch) =>
    patch.op === 'put' && patch.slice === 'prompts' ? [patch.value] : [],
  );
}

/** Another client was faster, or the question is not asked any more. */
function ignoreAnswered(error: unknown): void {
  if (!(error instanceof TunelError && (error.code === 'not-found' || error.code === 'engine-down'))) throw error;
}
