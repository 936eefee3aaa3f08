import { AppError } from '../../../shared/errors.ts';
import { readTimes } from '../../ssh/shells/run-protocol.ts';
import { type Observation, parseObservations } from '../observation.ts';

/**
 * `hello`: it runs, on that node; `tick`: a round is over, and what the program has cost so far where it says so; `seen`:
 * what one directory holds now.
 */
export type WatchFrame =
  | { type: 'hello'; hasTimer: boolean; node: string }
  | { type: 'tick'; cpuSeconds: number | null }
  | { type: 'seen'; id: string; observation: Observation };

/** A directory holds a few short files, and 64 KiB of a log come at a time. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Cuts what the watch program prints (watch-script.ts) into frames. */
export class WatchFrames {
  #bytes: Buffer[] = [];
  #kept = 0;
  #lines: string[] = [];
  #times = '';

  /** @throws AppError `command-failed` when what comes is none of it */
  push(chunk: Buffer): WatchFrame[] {
    const frames: WatchFrame[] = [];
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...this.#bytes, chunk.subarray(from, at)]).toString('utf8');
      this.#bytes = [];
      from = at + 1;
      const frame = this.#take(line);
      if (frame) frames.push(frame);
    }
    const rest = chunk.subarray(from);
    if (rest.length > 0) this.#bytes.push(rest);
    this.#kept += chunk.length;
    if (frames.length > 0) this.#kept = rest.length;
    if (this.#kept > MOST_BYTES) throw new AppError('command-failed', 'What watches the apps printed something else.');
    return frames;
  }

  #take(line: string): WatchFrame | null {
    const [word = '', ...rest] = line.split(' ');
    if (word === 'hello') return { type: 'hello', hasTimer: rest[0] === '1', node: rest.slice(1).join(' ') };
    if (word === 'tick') {
      const cpuSeconds = this.#times === '' ? null : readTimes(this.#times);
      this.#times = '';
      return { type: 'tick', cpuSeconds };
    }
    // As `times` prints them: of the shell, and of what it has waited for.
    if (/^\d+m[\d.,]+s \d+m[\d.,]+s$/.test(line)) {
      this.#times += `${line}\n`;
      return null;
    }
    if (word === 'id') this.#lines = [];
    if (word !== 'end') {
      this.#lines.push(line);
      return null;
    }
    const id = rest.join(' ');
    const observation = parseObservations(this.#lines.join('\n')).get(id);
    this.#lines = [];
    return observation ? { type: 'seen', id, observation } : null;
  }
}
