import type { SFTPWrapper } from 'ssh2';
import type { LaneWriter } from './lane-writer.ts';

interface ExtraChannelsOptions {
  /** Null: others would not have enough. */
  extraSftp(signal: AbortSignal): Promise<SFTPWrapper | null>;
  /** Fires with the connection. */
  closed: AbortSignal;
}

/** Channels that an upload takes in addition, which end with it, and before it where somebody else needs them. */
export class ExtraChannels {
  readonly #options: ExtraChannelsOptions;
  readonly #signal: AbortSignal;
  readonly #life = new AbortController();
  readonly #open = new Set<SFTPWrapper>();
  readonly #prepared: Promise<SFTPWrapper | null>[] = [];
  #lanes: LaneWriter | null = null;

  constructor(options: ExtraChannelsOptions, signal: AbortSignal | undefined) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.closed, this.#life.signal, ...(signal ? [signal] : [])]);
  }

  /** What uses them from now on. */
  set lanes(lanes: LaneWriter) {
    this.#lanes = lanes;
  }

  /** Opens some before they are asked for. */
  prepare(count: number): void {
    while (this.#prepared.length < count) {
      const channel = this.#openOne();
      // Whoever takes it learns of its failure.
      channel.catch(() => undefined);
      this.#prepared.push(channel);
    }
  }

  open(): Promise<SFTPWrapper | null> {
    return this.#prepared.shift() ?? this.#openOne();
  }

  /** False: there is none that could end before the upload does. */
  endOne(): boolean {
    const channel = this.#prepared.pop();
    if (!channel) return this.#lanes?.endOne() ?? false;
    channel.then(
      (open) => open?.end(),
      () => undefined,
    );
    return true;
  }

  close(): void {
    this.#life.abort();
    for (const channel of this.#open) channel.end();
  }

  async #openOne(): Promise<SFTPWrapper | null> {
    const channel = await this.#options.extraSftp(this.#signal);
    if (channel && this.#signal.aborted) channel.end();
    else if (channel) this.#open.add(channel);
    return channel;
  }
}
