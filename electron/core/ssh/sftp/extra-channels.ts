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
  /** Those that nobody has taken, without those that could not be opened. */
  readonly #prepared = new Set<Promise<SFTPWrapper | null>>();
  #lanes: LaneWriter | null = null;

  constructor(options: ExtraChannelsOptions, signal: AbortSignal | undefined) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.closed, this.#life.signal, ...(signal ? [signal] : [])]);
  }

  /** What uses them from now on. */
  set lanes(lanes: LaneWriter) {
    this.#lanes = lanes;
  }

  /** Opens some before they are asked for; none after the upload is over. */
  prepare(count: number): void {
    if (this.#signal.aborted) return;
    while (this.#prepared.size < count) {
      const channel = this.#openOne();
      this.#prepared.add(channel);
      const forget = () => void this.#prepared.delete(channel);
      // Whoever takes it learns of its failure.
      channel.then((open) => open ?? forget(), forget);
    }
  }

  open(): Promise<SFTPWrapper | null> {
    return this.#takePrepared() ?? this.#openOne();
  }

  /** False: there is none that could end before the upload does. One that is still being opened may not become open. */
  endOne(): boolean {
    const channel = this.#takePrepared();
    if (!channel) return this.#lanes?.endOne() ?? false;
    channel.then(
      (open) => open?.end(),
      () => undefined,
    );
    return true;
  }

  #takePrepared(): Promise<SFTPWrapper | null> | undefined {
    const [channel] = this.#prepared;
    if (channel) this.#prepared.delete(channel);
    return channel;
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
