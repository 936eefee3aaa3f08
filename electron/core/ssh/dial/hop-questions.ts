import type { Cluster } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Prompt } from '../../../shared/prompts.ts';
import type { Secrets } from '../../deps.ts';
import type { Ask } from '../auth/ask.ts';
import type { Patience } from '../client/patience.ts';
import type { Prompts } from '../types.ts';
import type { DialWatcher } from './transport.ts';

interface HopQuestionsOptions {
  prompts: Prompts;
  cluster: Cluster;
  hop: Prompt['hop'];
  watcher: DialWatcher;
  /** The hop's own timers. */
  patience: Patience;
  /** Fires when the dial has ended. */
  signal: AbortSignal;
}

/** The questions of one hop, which name it and are shown in the cluster's state. */
export class HopQuestions {
  readonly #options: HopQuestionsOptions;

  constructor(options: HopQuestionsOptions) {
    this.#options = options;
  }

  /** Stops the hop's own timers: the user may take their time. */
  readonly ask: Ask = async (question) => {
    const { prompts, patience, signal, watcher, hop, cluster } = this.#options;
    if (watcher.asksNothing) {
      throw new AppError(
        'sign-in-needed',
        message`${{ node: hop?.host ?? cluster.host }} of ${{ cluster: cluster.name }} wants a sign-in.`,
        {
          hint: 'Open a terminal there once, or give it a key that it accepts.',
        },
      );
    }
    return patience.whileAsking(() =>
      this.#whileAsking(() => prompts.ask({ ...this.#withoutKeeping(question), ...this.#about() }, signal)),
    );
  };

  /** Leaves the hop's timers running: the server is to answer. */
  async showApproval(approval: { subject: string; option: string | null }, signal: AbortSignal): Promise<void> {
    const { prompts } = this.#options;
    await this.#whileAsking(() => prompts.ask({ kind: 'approval', ...approval, ...this.#about() }, signal));
  }

  #about(): Pick<Prompt, 'hop' | 'clusterId' | 'clusterName'> {
    const { hop, cluster } = this.#options;
    return { hop, clusterId: cluster.id, clusterName: cluster.name };
  }

  async #whileAsking<T>(question: () => Promise<T>): Promise<T> {
    const { watcher } = this.#options;
    watcher.onAsking?.(true);
    try {
      return await question();
    } finally {
      watcher.onAsking?.(false);
    }
  }

  /** Where nothing is kept, nothing is offered to be kept. */
  #withoutKeeping(question: Parameters<Ask>[0]): Parameters<Ask>[0] {
    if (!this.#options.watcher.keepsNothing) return question;
    if (question.kind === 'secret') return { ...question, canRemember: false };
    if (question.kind === 'host-key') return { ...question, canSave: false };
    return question;
  }
}

/** Secrets that are used but neither kept nor forgotten. */
export function readOnlySecrets(secrets: Secrets): Secrets {
  return {
    kind: secrets.kind,
    reason: secrets.reason,
    problem: secrets.problem,
    onChange: (listener) => secrets.onChange(listener),
    get: (account) => secrets.get(account),
    list: (prefix) => secrets.list(prefix),
    set: async () => undefined,
    remove: async () => undefined,
  };
}
