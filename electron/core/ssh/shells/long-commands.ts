import type { ClientChannel } from 'ssh2';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { onAbort } from '../../../shared/on-abort.ts';
import { unlessAborted } from '../../unless-aborted.ts';
import type { Channels } from '../client/channels.ts';
import { limited } from './run.ts';
import { hasFreeSlot } from './session-slots-policy.ts';
import type { StandingShells } from './standing-shells.ts';

const OPEN_MS = 60_000;

/** Where the sessions of one connection come from. */
interface Sessions {
  readonly channels: Channels;
  readonly shells: StandingShells;
}

/** What is to stay open: its channel, and what that becomes. `lost` gives the reason why the connection is gone, if it is. */
export interface LongSession<T> {
  channel(sessions: Sessions, signal: AbortSignal, isWorthWaiting: () => boolean): Promise<ClientChannel>;
  begin(node: string, channel: ClientChannel, signal: AbortSignal, lost: () => AppError | null): Promise<T>;
}

/** It is over when this resolves. */
interface Ending {
  readonly ended: Promise<unknown>;
}

/** The sessions of one connection that commands may keep. */
export class SessionSlots {
  readonly #node: string;
  readonly #sessions: Sessions;
  readonly #closed: AbortSignal;
  #staying = 0;

  constructor(node: string, sessions: Sessions, closed: AbortSignal) {
    this.#node = node;
    this.#sessions = sessions;
    this.#closed = closed;
  }

  get staying(): number {
    return this.#staying;
  }

  /** Null: too few sessions would be left. `companion`: nothing else wants one here. */
  async open<T>(session: LongSession<T>, companion: boolean, signal: AbortSignal): Promise<T | null> {
    const { channels } = this.#sessions;
    const hasSlot = (staying: number) =>
      hasFreeSlot(channels.sessionLimit, { staying, transfers: channels.transfers }, companion);
    if (!hasSlot(this.#staying)) return null;
    this.#staying++;
    let left = false;
    const leave = () => {
      if (!left) this.#staying--;
      left = true;
    };
    const fits = () => hasSlot(this.#staying - 1);
    let isFull = false;
    const isWorthWaiting = () => {
      isFull = !fits();
      return !isFull;
    };
    const late = () =>
      new AppError(
        'timeout',
        message`${{ node: this.#node }} did not start a command in ${{ seconds: OPEN_MS / 1000 }} s.`,
      );
    const limit = limited(signal, OPEN_MS, late);
    try {
      const channel = await session.channel(this.#sessions, limit.signal, isWorthWaiting);
      channel.once('close', leave);
      // How many sessions a server allows shows only when one too many is asked for: better now than when a script waits.
      if (!companion && !(await this.#hasRoom()) && !fits()) {
        channel.on('error', () => undefined);
        channel.resume();
        channel.close();
        return null;
      }
      return await session.begin(this.#node, channel, limit.signal, () =>
        this.#closed.aborted ? AppError.from(this.#closed.reason) : null,
      );
    } catch (error) {
      leave();
      if (isFull) return null;
      throw error;
    } finally {
      limit.done();
    }
  }

  /** Scripts need a shell of their own beside what stays. */
  async #hasRoom(): Promise<boolean> {
    const { channels, shells } = this.#sessions;
    const isProven = channels.isRoomProven;
    const prepared = shells.prepare();
    return isProven || prepared;
  }
}

/** A second connection to the same node. */
interface Companion {
  readonly slots: SessionSlots;
  readonly closed: AbortSignal;
  close(): void;
}

interface Held {
  dialed: Promise<Companion>;
  abort: AbortController;
  holders: number;
}

/**
 * Commands that stay open, kept from starving the short ones: some of the sessions a server allows are left for those, and
 * where it allows too few, further connections take the long ones. Each of these ends with its last command.
 */
export class LongCommands {
  readonly #node: string;
  readonly #own: SessionSlots;
  readonly #dialAgain: ((signal: AbortSignal) => Promise<Companion>) | undefined;
  readonly #companions = new Set<Held>();

  constructor(node: string, own: SessionSlots, dialAgain: ((signal: AbortSignal) => Promise<Companion>) | undefined) {
    this.#node = node;
    this.#own = own;
    this.#dialAgain = dialAgain;
  }

  /** Rejects with `channel-refused` when no session is left and no second connection can be had. */
  async open<T extends Ending>(session: LongSession<T>, signal: AbortSignal): Promise<T> {
    const here = await this.#own.open(session, false, signal);
    if (here) return here;
    for (const held of [...this.#companions]) {
      const made = await this.#openOn(held, session, signal);
      if (made) return made;
    }
    const dialAgain = this.#dialAgain;
    if (dialAgain) {
      const abort = new AbortController();
      const held: Held = { dialed: dialAgain(abort.signal), abort, holders: 0 };
      this.#companions.add(held);
      const made = await this.#openOn(held, session, signal);
      if (made) return made;
    }
    throw new AppError(
      'channel-refused',
      message`${{ node: this.#node }} allows too few sessions at a time to keep a command running.`,
    );
  }

  close(): void {
    for (const held of this.#companions) this.#end(held);
  }

  async #openOn<T extends Ending>(held: Held, session: LongSession<T>, signal: AbortSignal): Promise<T | null> {
    held.holders++;
    const release = () => {
      held.holders--;
      if (held.holders === 0) this.#end(held);
    };
    try {
      const companion = await unlessAborted(held.dialed, signal);
      onAbort(companion.closed, () => this.#companions.delete(held));
      const made = await companion.slots.open(session, true, signal);
      if (made) void made.ended.then(release);
      else release();
      return made;
    } catch (error) {
      release();
      throw error;
    }
  }

  #end(held: Held): void {
    if (!this.#companions.delete(held)) return;
    held.abort.abort(new AppError('cancelled', 'Cancelled.'));
    held.dialed.then(
      (companion) => companion.close(),
      () => undefined,
    );
  }
}
