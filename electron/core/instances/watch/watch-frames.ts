import { AppError } from '../../../shared/errors.ts';
import { readTimes } from '../../ssh/shells/run-protocol.ts';
import { type Observation, parseObservations } from '../observation.ts';
import type { Looker } from './watch-script.ts';

/**
 * `hello`: it runs, on that node; `here`: the process of a group has begun; `listed`: it looks at what it was given last;
 * `busy`: the process that it would replace is still there; `tick`: a round is over, and what that process has cost so far
 * where it says so; `seen`: what one directory holds now.
 */
export type WatchFrame =
  | { type: 'hello'; hasTimer: boolean; hasGroups: boolean; node: string }
  | { type: 'here'; group: string; looker: Looker }
  | { type: 'listed' | 'busy'; group: string }
  | { type: 'tick'; group: string; cpuSeconds: number | null }
  | { type: 'seen'; group: string; id: string; observation: Observation };

/** A directory holds a few short files, and 64 KiB of a log come at a time. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Of what the kernel counts processor time in, a second. */
const TICKS = 100;

/** Cuts what the watch program prints (watch-script.ts) into frames. Without groups, that of all is the empty one. */
export class WatchFrames {
  #bytes: Buffer[] = [];
  #kept = 0;
  #hasGroups = false;
  readonly #groups = new Map<string, GroupLines>();

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
    if (this.#kept > MOST_BYTES) throw somethingElse();
    return frames;
  }

  #take(line: string): WatchFrame | null {
    const [word = '', timer, groups, ...node] = line.split(' ');
    if (word === 'hello') {
      this.#hasGroups = groups === '1';
      return { type: 'hello', hasTimer: timer === '1', hasGroups: this.#hasGroups, node: node.join(' ') };
    }
    if (!this.#hasGroups) return this.#linesOf('').take(line);
    const [, group, mark, text = ''] = /^(\w+)([:+])(.*)$/.exec(line) ?? [];
    if (group === undefined) return null;
    const lines = this.#linesOf(group);
    return mark === '+' ? lines.keep(text) : lines.take(text);
  }

  #linesOf(group: string): GroupLines {
    const lines = this.#groups.get(group) ?? new GroupLines(group);
    this.#groups.set(group, lines);
    return lines;
  }
}

const somethingElse = () => new AppError('command-failed', 'What watches the apps printed something else.');

/** What one group prints. */
class GroupLines {
  readonly #group: string;
  #begun = '';
  #lines: string[] = [];
  #times = '';
  /** Characters of the answer that is not whole. */
  #kept = 0;

  constructor(group: string) {
    this.#group = group;
  }

  /** The beginning of a line. */
  keep(text: string): null {
    this.#begun += text;
    this.#count(text);
    return null;
  }

  /** Other groups go on while this one may print without an end. @throws AppError `command-failed` */
  #count(text: string): void {
    this.#kept += text.length + 1;
    if (this.#kept > MOST_BYTES) throw somethingElse();
  }

  take(end: string): WatchFrame | null {
    const line = this.#begun + end;
    this.#begun = '';
    this.#count(end);
    const group = this.#group;
    const [word = '', ...rest] = line.split(' ');
    switch (word) {
      case 'here':
        this.#kept = 0;
        return { type: 'here', group, looker: { pid: Number(rest[0]), start: rest[1] ?? '' } };
      case 'listed':
      case 'busy':
        return { type: word, group };
      case 'tick':
        // Of a group with nothing to tell, ticks are all that comes.
        if (this.#lines.length === 0) this.#kept = 0;
        return { type: 'tick', group, cpuSeconds: this.#cpuSeconds(rest[0] ?? '') };
      case 'end':
        return this.#seen(rest.join(' '));
      case 'id':
        this.#lines = [line];
        return null;
    }
    // As `times` prints them: of the shell, and of what it has waited for.
    if (/^\d+m[\d.,]+s \d+m[\d.,]+s$/.test(line)) this.#times += `${line}\n`;
    else this.#lines.push(line);
    return null;
  }

  #cpuSeconds(ticks: string): number | null {
    if (/^\d+$/.test(ticks)) return Number(ticks) / TICKS;
    const cpuSeconds = this.#times === '' ? null : readTimes(this.#times);
    this.#times = '';
    return cpuSeconds;
  }

  #seen(id: string): WatchFrame | null {
    const observation = parseObservations(this.#lines.join('\n')).get(id);
    this.#lines = [];
    this.#kept = 0;
    return observation ? { type: 'seen', group: this.#group, id, observation } : null;
  }
}
