import { answerPrompts, type OnPrompt } from './answer-prompts.ts';
import { Connection } from './connection.ts';
import { type EngineOptions, searchEngine } from './find-engine.ts';
import { Tunel } from './tunel.ts';

export interface ConnectOptions extends EngineOptions {
  /** Answers questions of a sign-in: passwords, codes, unknown host keys. Without it the app or a command answers them. */
  onPrompt?: OnPrompt;
  signal?: AbortSignal;
}

/** Finds the engine of the data directory, or starts one in the background. @throws TunelError */
export async function connect({ onPrompt, signal, ...engine }: ConnectOptions = {}): Promise<Tunel> {
  const connection = new Connection(searchEngine(engine));
  try {
    await connection.repeatable('engine.status', undefined, signal);
    if (onPrompt) await answerPrompts(connection, onPrompt);
    return new Tunel(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
}
