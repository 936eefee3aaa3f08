import { constants, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';

/** What the ask program was called with. */
export interface Question {
  /** The process that asks: ssh starts another one for each jump host. */
  asker: string;
  /** SSH_ASKPASS_PROMPT: `none` for a notice, `confirm` for a yes or no, else empty. */
  hint: string;
  parts: string[];
}

/** The lines to print; null: no. */
export type Answer = readonly string[] | null;

interface QuestionPipeOptions {
  /** Where the answers' pipes are. */
  folder: string;
  pipe: string;
  answer(question: Question): Promise<Answer>;
}

/** Takes the questions of the ask program and writes the answers to it. */
export class QuestionPipe {
  readonly #options: QuestionPipeOptions;
  readonly #socket: Socket;
  #text = '';

  constructor(options: QuestionPipeOptions) {
    this.#options = options;
    // Open for writing too: the pipe then never ends between two questions.
    const fd = openSync(options.pipe, constants.O_RDWR | constants.O_NONBLOCK);
    this.#socket = new Socket({ fd, readable: true, writable: false });
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk.toString('latin1')));
    this.#socket.on('error', () => undefined);
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#text += text;
    const lines = this.#text.split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) {
      const [id = '', asker = '', hint = '', ...parts] = line
        .split(' ')
        .map((hex) => Buffer.from(hex, 'hex').toString('utf8'));
      // The line ends with a separator.
      parts.pop();
      if (/^\d+$/.test(id)) void this.#answer(id, { asker, hint, parts });
    }
  }

  async #answer(id: string, question: Question): Promise<void> {
    const answer = await this.#options.answer(question);
    const lines = answer === null ? ['no'] : [...answer.map((line) => `=${line}`), 'yes'];
    const pipe = join(this.#options.folder, `answer.${id}`);
    try {
      const file = await open(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
      try {
        await file.writeFile(`${lines.join('\n')}\n`);
      } finally {
        await file.close();
      }
    } catch {
      // ssh has ended the program, for it no longer asks.
    }
  }
}
