import { bytesPerLane, isFar, isWindowTheLimit, MOST_LANES } from './lane-policy.ts';
import { type SftpFile, sftpStatus } from './sftp-file.ts';

/** Sent before another channel is worth its round trips. */
const BEFORE_MORE_LANES = 1024 * 1024;

/** What is written over one channel. */
type LaneFile = Pick<SftpFile, 'writeAt' | 'writeSize' | 'endChannel'>;

interface Piece {
  bytes: Buffer;
  position: number;
  isWritten: boolean;
}

interface Lane {
  file: LaneFile;
  /** Of which no answer came yet. */
  pieces: Set<Piece>;
  underWay: number;
  isEnding: boolean;
  isDead: boolean;
}

const newLane = (file: LaneFile): Lane => ({ file, pieces: new Set(), underWay: 0, isEnding: false, isDead: false });

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
 * All but the first can be given back at any time, and one of those that dies leaves its bytes to the others.
 */
export class LaneWriter {
  readonly #ports: LanePorts;
  readonly #first: LaneFile;
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
  /** Of channels that died before they answered. */
  readonly #unsent: Piece[] = [];
  #lastAnswerMs = 0;
  #shortestAnswerMs = Number.POSITIVE_INFINITY;
  #failure: { error: unknown } | null = null;
  #wake: () => void = () => undefined;

  constructor(first: LaneFile, ports: LanePorts) {
    this.#first = first;
    this.#lanes = [newLane(first)];
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
      const again = this.#unsent.shift();
      if (again) {
        this.#send(lane, again);
        continue;
      }
      const piece = { bytes: bytes.subarray(at, at + lane.file.writeSize), position: this.#position, isWritten: false };
      this.#pieces.push(piece);
      this.#position += piece.bytes.length;
      at += piece.bytes.length;
      this.#send(lane, piece);
    }
  }

  /** Opens all channels that are worth having; each is used from when the others are full. */
  openMore(): void {
    if (!isFar(this.#roundTripMs())) return;
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
    try {
      while (!this.#failure && (this.#unsent.length > 0 || this.#isAnyUnderWay())) {
        if (this.#unsent.length === 0) await this.#progress();
        else {
          const lane = await this.#freeLane();
          const again = this.#unsent.shift();
          if (again) this.#send(lane, again);
        }
      }
      if (this.#failure) throw this.#failure.error;
    } finally {
      this.close();
    }
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
    this.#take(lane);
    lane.isEnding = true;
    this.#ending.add(lane);
    this.#endIfDone(lane);
  }

  /** Nothing more is written to it. */
  #take(lane: Lane): void {
    const at = this.#lanes.indexOf(lane);
    if (at === -1) return;
    this.#lanes.splice(at, 1);
    if (at < this.#used) this.#used -= 1;
  }

  #endIfDone(lane: Lane): void {
    if (!lane.isEnding || lane.underWay > 0) return;
    if (this.#ending.delete(lane)) lane.file.endChannel();
  }

  #send(lane: Lane, piece: Piece): void {
    const begin = this.#ports.now();
    lane.underWay += piece.bytes.length;
    lane.pieces.add(piece);
    lane.file.writeAt(piece.bytes, piece.position).then(
      () => {
        // Its bytes go over another channel already.
        if (lane.isDead) return;
        lane.pieces.delete(piece);
        lane.underWay -= piece.bytes.length;
        this.#onWritten(piece);
        this.#lastAnswerMs = this.#ports.now() - begin;
        this.#shortestAnswerMs = Math.min(this.#shortestAnswerMs, this.#lastAnswerMs);
        this.#endIfDone(lane);
        this.#wake();
      },
      (error: unknown) => this.#onFailure(lane, error),
    );
  }

  /** The server's answer holds for all channels; one that died without it is done without. */
  #onFailure(lane: Lane, error: unknown): void {
    if (lane.isDead) return;
    if (lane.file === this.#first || sftpStatus(error) !== undefined) this.#failure ??= { error };
    else {
      lane.isDead = true;
      this.#take(lane);
      this.#ending.delete(lane);
      this.#unsent.push(...lane.pieces);
      lane.file.endChannel();
    }
    this.#wake();
  }

  /** Channels answer in another order than that of the file. */
  #onWritten(piece: Piece): void {
    piece.isWritten = true;
    let end: number | null = null;
    for (let first = this.#pieces[0]; first?.isWritten; first = this.#pieces[0]) {
      end = first.position + first.bytes.length;
      this.#pieces.shift();
    }
    if (end !== null) this.#ports.onWritten?.(end);
  }

  async #freeLane(): Promise<Lane> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      const lane = this.#lanes.slice(0, this.#used).reduce<Lane | null>(leastUnderWay, null);
      if (lane && lane.underWay < bytesPerLane(this.#roundTripMs())) return lane;
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
    const roundTrip = this.#roundTripMs();
    if (roundTrip === null || !isFar(roundTrip)) return false;
    return this.#position >= BEFORE_MORE_LANES && isWindowTheLimit(this.#lastAnswerMs, roundTrip);
  }

  /** null: no answer came yet. */
  #roundTripMs(): number | null {
    const shortest = Math.min(this.#shortestAnswerMs, this.#ports.roundTripMs() ?? Number.POSITIVE_INFINITY);
    return Number.isFinite(shortest) ? shortest : null;
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
    else if (file) this.#lanes.push(newLane(file));
    this.#wake();
  }
}

const leastUnderWay = (least: Lane | null, lane: Lane): Lane =>
  least && least.underWay <= lane.underWay ? least : lane;
