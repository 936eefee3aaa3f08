import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { AppError, throwIfAborted } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Prompt, PromptAnswer } from '../../../shared/prompts.ts';
import type { Clock } from '../../deps.ts';
import type { Prompts } from '../types.ts';

interface Pending {
  prompt: Prompt;
  resolve(answer: PromptAnswer): void;
  reject(error: AppError): void;
}

/** A client whose window was closed or whose engine link broke may be back within this time, ms. */
const RETURN_TIME = 3000;

interface PromptsDeps {
  clock: Clock;
  /** Who could answer. */
  host: {
    prompters(): number;
    onChange(listener: () => void): () => void;
  };
}

/** The list of open questions. `answer` throws `not-found` for an id that is gone and `bad-input` for another kind's answer. */
export function createPrompts({ clock, host }: PromptsDeps): Prompts {
  const pending = new Map<string, Pending>();
  const emitter = new EventEmitter<{ changed: [prompts: Prompt[]] }>();
  const list = () => [...pending.values()].map((entry) => entry.prompt);
  const changed = () => void emitter.emit('changed', list());

  const rejectUnanswerable = async () => {
    if (pending.size === 0 || host.prompters() > 0) return;
    const asked = [...pending.values()];
    await clock.sleep(RETURN_TIME);
    if (host.prompters() > 0) return;
    for (const { prompt, reject } of asked) if (pending.has(prompt.id)) reject(nobodyToAsk(prompt));
  };
  host.onChange(() => void rejectUnanswerable());

  return {
    async ask(question, signal) {
      throwIfAborted(signal);
      if (host.prompters() === 0) throw nobodyToAsk(question);
      const prompt: Prompt = { ...question, id: randomUUID(), askedAt: clock.now() };
      let onAbort: (() => void) | undefined;
      try {
        return await new Promise<PromptAnswer>((resolve, reject) => {
          pending.set(prompt.id, { prompt, resolve, reject });
          onAbort = () => {
            const reason: unknown = signal?.reason;
            reject(reason instanceof AppError ? reason : new AppError('cancelled', 'Cancelled.'));
          };
          signal?.addEventListener('abort', onAbort, { once: true });
          changed();
        });
      } finally {
        if (onAbort) signal?.removeEventListener('abort', onAbort);
        if (pending.delete(prompt.id)) changed();
      }
    },
    answer(id, answer) {
      const entry = pending.get(id);
      if (!entry) throw new AppError('not-found', 'This question is no longer open.');
      checkAnswer(entry.prompt, answer);
      if (answer.kind === 'cancel') entry.reject(new AppError('cancelled', 'Sign-in cancelled.'));
      else entry.resolve(answer);
    },
    list,
    onChange(listener) {
      emitter.on('changed', listener);
      return () => emitter.off('changed', listener);
    },
  };
}

/** @throws AppError `bad-input` */
function checkAnswer(prompt: Prompt, answer: PromptAnswer): void {
  if (answer.kind !== 'cancel' && answer.kind !== prompt.kind) {
    throw new AppError(
      'bad-input',
      message`A ${{ kind: prompt.kind }} question cannot take a ${{ answer: answer.kind }} answer.`,
    );
  }
  if (answer.kind !== 'interactive' || prompt.kind !== 'interactive') return;
  const wanted = prompt.fields.length;
  const given = answer.values.length;
  if (given !== wanted) {
    throw new AppError('bad-input', message`The server asks for ${{ wanted }} answers, not ${{ given }}.`);
  }
}

function nobodyToAsk({ clusterName }: Pick<Prompt, 'clusterName'>): AppError {
  return new AppError(
    'sign-in-needed',
    message`${{ clusterName }} asks a question to sign in, and nobody can be asked here.`,
    {
      hint: message`Sign in once in a terminal, with: tunel clusters connect ${{ clusterName }}; or open the app.`,
    },
  );
}
