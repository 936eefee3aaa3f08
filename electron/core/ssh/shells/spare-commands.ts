import type { Writable } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import { AppError } from '../../../shared/errors.ts';
import type { Clock } from '../../deps.ts';
import type { CommandCost, CommandStream } from '../types.ts';
import { openCommandStream } from './command-stream.ts';
import { StandingShell } from './standing-shell.ts';

/** With fewer sessions at a time, scripts and files need them all. */
const LEAST_SESSIONS = 3;

interface SpareCommandsOptions {
  node: string;
  channels: {
    readonly sessionLimit: number;
    readonly waiting: number;
    tryExec(signal: AbortSignal): Promise<ClientChannel | null>;
  };
  clock: Clock;
  /** Fires with the connection. */
  closed: AbortSignal;
}

interface SpareCommandOptions {
  /** What the shell runs before. */
  setup: string;
  signal: AbortSignal;
  stderr?: Writable;
  cost?: () => CommandCost;
}

const NO_COST: CommandCost = { commandsRun: 0, cpuSeconds: 0 };

const add = (one: CommandCost, other: CommandCost): CommandCost => ({
  commandsRun: one.commandsRun + other.commandsRun,
  cpuSeconds: one.cpuSeconds + other.cpuSeconds,
});

/** Commands that stay open in sessions which nothing else needs, and that can be ended at any time. */
export class SpareCommands {
  readonly #options: SpareCommandsOptions;
  /** With what tells its cost. */
  readonly #live = new Map<CommandStream, () => CommandCost>();
  #past: CommandCost = NO_COST;

  constructor(options: SpareCommandsOptions) {
    this.#options = options;
  }

  /** Of all of them, the ended ones too. */
  get cost(): CommandCost {
    return [...this.#live.values()].reduce((sum, cost) => add(sum, cost()), this.#past);
  }

  /** Null: there is no session to spare. Rejects as the start of a standing shell. */
  async open(
    script: string,
    { setup, signal, stderr, cost = () => NO_COST }: SpareCommandOptions,
  ): Promise<CommandStream | null> {
    const { node, channels, clock, closed } = this.#options;
    if (channels.sessionLimit < LEAST_SESSIONS || channels.waiting > 0) return null;
    const channel = await channels.tryExec(signal);
    if (!channel) return null;
    const lost = () => (closed.aborted ? AppError.from(closed.reason) : null);
    const shell = await StandingShell.start({ node, channel, clock, signal, lost });
    const stream = await openCommandStream(node, shell.release(), script, signal, lost, { setup, stderr });
    this.#live.set(stream, cost);
    void stream.ended.then(() => {
      this.#live.delete(stream);
      this.#past = add(this.#past, cost());
    });
    // Who waits may have begun to before there was anything to end.
    if (channels.waiting > 0) this.end();
    return stream;
  }

  /** Somebody needs a session, or what the shells run before has changed. */
  end(): void {
    for (const stream of this.#live.keys()) stream.destroy(new AppError('cancelled', 'Its session was needed.'));
  }
}
