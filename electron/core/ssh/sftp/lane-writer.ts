import { BYTES_PER_LANE, isWindowTheLimit, MOST_LANES } from './lane-policy.ts';
import type { SftpFile } from './sftp-file.ts';

/** Sent before another channel is worth its round trips. */
const BEFORE_MORE_LANES = 1024 * 1024;

/** What is written over one channel. */
type LaneFile = Pick<SftpFile, 'writeAt' | 'writeSize' | 'endChannel'>;

interface Lane {
  file: LaneFile;
  underWay: number;
  isEnding: boolean;
}

interface Piece {
  end: number;
  isWritten: boolean;
}

interface LanePorts {
  /** The same file on one more channel; null: there is none to spare. */
  open(): Promise<LaneFile | null>;
  /** ms. */
  now(): number;
  /** The shortest seen, ms; null: not known. */
  roundTripMs(): number | null;
  /** Where the first byte goes; default: at the beginning. */
  offset?: number;
  /** So many bytes are in the file, from its beginning on. */
  onWritten?(end: number): void;
}

/**
 * Writes a file in order of its bytes over one channel, and over more where the windows of those in use are what limits it.
 * All but the first can be given back at any time.
 */
export class LaneWriter {
  readonly #ports: LanePorts;
  /** The first `#used` of them are written to. */
  readonly #lanes: Lane[];
  readonly #ending = new Set<Lane>();
  #used = 1;
  #isClosed = false;
  #wanted = MOST_LANES - 1;
  #opening = 0;
  /** Of those being opened, how many end as soon as they are. */
  #unwanted = 0;
  #position: number;
  /** In order, from the first that is under way. */
  readonly #pieces: Piece[] = [];
  #lastAnswerMs = 0;
  #shortestAnswerMs = Number.POSITIVE_INFINITY;
  #failure: { error: unknown } | null = null;
  #wake: () => void = () => undefined;

  constructor(first: LaneFile, ports: LanePorts) {
    this.#lanes = [{ file: first, underWay: 0, isEnding: false }];
    this.#ports = ports;
    this.#position = ports.offset ?? 0;
  }

  get position(): number {
    return this.#position;
  }

  /** Resolves when the bytes are under way, in as many pieces as the server takes. @throws what an earlier write ended with */
  async write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const lane = await this.#freeLane();
      const piece = bytes.subarray(at, at + lane.file.writeSize);
      this.#send(lane, piece);
      at += piece.length;
    }
  }

  /** Opens all channels that are worth having; each is used from when the others are full. */
  openMore(): void {
    for (; this.#wanted > 0; this.#wanted -= 1) void this.#openOne();
  }

  /** Ends one channel once what is under way on it is acknowledged, and opens no more. False: only the first one is left. */
  endOne(): boolean {
    this.#wanted = 0;
    const lane = this.#lanes.slice(1).reduce<Lane | null>(leastUnderWay, null);
    if (!lane && this.#opening <= this.#unwanted) return false;
    if (lane) this.#end(lane);
    else this.#unwanted += 1;
    return true;
  }

  /** All bytes are in the file. Closes what was opened in addition. */
  async end(): Promise<void> {
    this.#wanted = 0;
    while (!this.#failure && this.#isAnyUnderWay()) await this.#progress();
    this.close();
    if (this.#failure) throw this.#failure.error;
  }

  /** A channel that is still being opened ends as soon as it is open. */
  close(): void {
    this.#wanted = 0;
    this.#isClosed = true;
    for (const { file } of [...this.#lanes.slice(1), ...this.#ending]) file.endChannel();
    this.#ending.clear();
  }

  #isAnyUnderWay(): boolean {
    return [...this.#lanes, ...this.#ending].some(({ underWay }) => underWay > 0);
  }

  #end(lane: Lane): void {
    const at = this.#lanes.indexOf(lane);
    this.#lanes.splice(at, 1);
    if (at < this.#used) this.#used -= 1;
    lane.isEnding = true;
    this.#ending.add(lane);
    this.#endIfDone(lane);
  }

  #endIfDone(lane: Lane): void {
    if (!lane.isEnding || lane.underWay > 0) return;
    if (this.#ending.delete(lane)) lane.file.endChannel();
  }

  #send(lane: Lane, piece: Buffer): void {
    const begin = this.#ports.now();
    lane.underWay += piece.length;
    const sent: Piece = { end: this.#position + piece.length, isWritten: false };
    this.#pieces.push(sent);
    lane.file.writeAt(piece, this.#position).then(
      () => {
        lane.underWay -= piece.length;
        this.#onWritten(sent);
        this.#lastAnswerMs = this.#ports.now() - begin;
        this.#shortestAnswerMs = Math.min(this.#shortestAnswerMs, this.#lastAnswerMs);
        this.#endIfDone(lane);
        this.#wake();
      },
      (error: unknown) => {
        this.#failure ??= { error };
        this.#wake();
      },
    );
    this.#position += piece.length;
  }

  /** Channels answer in another order than that of the file. */
  #onWritten(piece: Piece): void {
    piece.isWritten = true;
    let end: number | null = null;
    for (let first = this.#pieces[0]; first?.isWritten; first = this.#pieces[0]) {
      end = first.end;
      this.#pieces.shift();
    }
    if (end !== null) this.#ports.onWritten?.(end);
  }

  async #freeLane(): Promise<Lane> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      const lane = this.#lanes.slice(0, this.#used).reduce<Lane | null>(leastUnderWay, null);
      if (lane && lane.underWay < BYTES_PER_LANE) return lane;
      if (this.#isMoreWorthIt()) {
        if (this.#used < this.#lanes.length) {
          this.#used += 1;
          continue;
        }
        this.openMore();
      }
      await this.#progress();
    }
  }

  #isMoreWorthIt(): boolean {
    const roundTrip = Math.min(this.#shortestAnswerMs, this.#ports.roundTripMs() ?? Number.POSITIVE_INFINITY);
    return this.#position >= BEFORE_MORE_LANES && isWindowTheLimit(this.#lastAnswerMs, roundTrip);
  }

  #progress(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #openOne(): Promise<void> {
    this.#opening += 1;
    // Without it the transfer goes on over the channels that it has.
    const file = await this.#ports.open().catch(() => null);
    this.#opening -= 1;
    const isUnwanted = this.#unwanted > 0;
    if (isUnwanted) this.#unwanted -= 1;
    if (isUnwanted || this.#isClosed) file?.endChannel();
    else if (file) this.#lanes.push({ file, underWay: 0, isEnding: false });
    this.#wake();
  }
}

const leastUnderWay = (least: Lane | null, lane: Lane): Lane =>
  least && least.underWay <= lane.underWay ? least : lane;
