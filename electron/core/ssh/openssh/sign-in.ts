import type { Cluster } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Patience } from '../client/patience.ts';
import type { HostKeyCheck } from '../host-keys/host-keys.ts';
import type { AskpassAnswers } from './askpass-answers.ts';
import { knownHostLines } from './host-key-answers.ts';
import type { Master } from './master.ts';
import { masterFailure } from './master-errors.ts';
import { findHopByKeyName, type MasterHop } from './master-hops.ts';
import { type Answer, type Question, QuestionPipe } from './question-pipe.ts';

/** PAM, a directory service and a push to a phone take their time. */
const SIGN_IN_S = 150;
/** From the server's greeting to its key. */
const HANDSHAKE_S = 15;

interface MasterSignInOptions {
  master: Master;
  cluster: Cluster;
  answers: AskpassAnswers;
  hostKeys(hop: MasterHop): Promise<HostKeyCheck>;
  patience: Patience;
  /** A server refused what was given. */
  onRefused?(): void;
}

/** One sign-in of a master: answers its questions until it is signed in, or has ended. */
export class MasterSignIn {
  readonly #options: MasterSignInOptions;
  #wasReached = false;
  #resolve: () => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(options: MasterSignInOptions) {
    this.#options = options;
  }

  /** Resolves when the control socket can be used. Rejects with the signal's reason, or why ssh did not sign in. */
  async run(signal: AbortSignal): Promise<void> {
    const { master, answers, patience } = this.#options;
    const { path: folder, questions: pipe } = master.folder;
    const questions = new QuestionPipe({ folder, pipe, answer: (question) => this.#answer(question) });
    const onAbort = () => this.#reject(AppError.from(signal.reason));
    try {
      await new Promise<void>((resolve, reject) => {
        this.#resolve = resolve;
        this.#reject = reject;
        this.#expect('sign-in', SIGN_IN_S);
        void master.ended.then((code) => reject(this.#failure(code)));
        if (signal.aborted) onAbort();
        signal.addEventListener('abort', onAbort, { once: true });
      });
      await answers.succeeded();
    } catch (error) {
      this.#noteFailure(AppError.from(error));
      throw error;
    } finally {
      patience.end();
      answers.endNotice();
      signal.removeEventListener('abort', onAbort);
      questions.close();
    }
    if (signal.aborted) throw AppError.from(signal.reason);
  }

  async #answer({ asker, hint, parts }: Question): Promise<Answer> {
    const { answers, master } = this.#options;
    try {
      const [text = '', ...more] = parts;
      if (more.length === 0) return await answers.answer({ text, hint, asker, said: master.takeSaid() });
      answers.endNotice();
      if (text === 'host-key') return await this.#answerHostKey(more);
      if (text === 'ready') this.#resolve();
      return [];
    } catch (error) {
      this.#reject(error);
      return null;
    }
  }

  async #answerHostKey([reason = '', name = '', _type, key = '']: string[]): Promise<Answer> {
    const { cluster, hostKeys } = this.#options;
    const isGreeted = reason === 'ORDER';
    if (isGreeted) this.#expect('handshake', HANDSHAKE_S);
    else this.#expect('sign-in', SIGN_IN_S);
    const check = await hostKeys(findHopByKeyName(cluster, name));
    const lines = await knownHostLines({ reason, name, key }, check);
    this.#wasReached ||= !isGreeted;
    return lines;
  }

  #failure(code: number | null): AppError {
    const { master, cluster } = this.#options;
    return masterFailure({ code, said: master.said, host: cluster.host, wasReached: this.#wasReached });
  }

  #expect(what: 'handshake' | 'sign-in', seconds: number): void {
    const { cluster, patience } = this.#options;
    const { host } = cluster;
    patience.expect(seconds, () => {
      const late =
        what === 'handshake'
          ? message`${{ host }} did not finish the handshake in ${{ seconds }} s.`
          : message`${{ host }} did not finish the sign-in in ${{ seconds }} s.`;
      this.#reject(new AppError('timeout', late, { hint: 'Try again; the server may be overloaded.' }));
    });
  }

  #noteFailure({ code }: AppError): void {
    const { answers, onRefused } = this.#options;
    if (code === 'auth-failed') answers.failed();
    // A server that hangs up on a secret has refused it too: it is not sent again by itself.
    if (code !== 'cancelled' && answers.wasSecretGiven) onRefused?.();
  }
}
