import type { Duplex, Writable } from 'node:stream';
import type {
  Cluster,
  ClusterTest,
  ConnectionEvent,
  ConnectionStatus,
  LoginNodeUsage,
  ResolvedHost,
  SshConfigHost,
} from '../../shared/clusters.ts';
import type { Prompt, PromptAnswer } from '../../shared/prompts.ts';

export interface RunOptions {
  signal?: AbortSignal;
  /** Default 60 000 ms; rejects with `timeout`. */
  timeoutMs?: number;
  /** Bytes the script can read from its stdin. */
  stdin?: Uint8Array;
  /** Default 4 MiB for each stream; more is a `command-failed`. */
  maxBytes?: number;
  /** How `stdout` becomes text; `latin1` keeps each byte as one character. Default UTF-8. */
  encoding?: 'utf8' | 'latin1';
}

export interface UploadOptions {
  /** As in chmod; 0600 unless given. */
  mode?: number;
  /** In bytes, where it is known: a large file gets its channels at once. */
  size?: number;
  /** The path is that of a part: it is written in place, from `offset` on, and what is written stays after an error. */
  part?: FilePart;
  /** Hears of the file that is written first, before there is one. */
  onTemporary?: (path: string) => void;
  /** Gives the complete file its name, instead of a rename over what is there. */
  place?: (temporary: string) => Promise<void>;
  signal?: AbortSignal;
}

/** A file that is not complete yet. */
export interface FilePart {
  /** Bytes that are in it already. */
  offset: number;
  /** So many bytes are in it now, from its beginning on. */
  onWritten(end: number): void;
}

export interface RunResult {
  /** Between the markers, byte-exact, decoded as UTF-8 unless the options say otherwise. */
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** Runs POSIX sh text on a node. The remote command is always the same constant; the script goes in on stdin. */
export interface Shell {
  /**
   * Resolves with any exit code; rejects only when the script could not be run to its end, and then may have run.
   * It runs in a shell that is kept for the next one: redirect the outputs of whatever it leaves running, since a process
   * that holds one costs that shell, and give what must survive the cancelling of a later script a session of its own.
   */
  run(script: string, options?: RunOptions): Promise<RunResult>;
}

/** What one command that stays open has cost its node so far. */
export interface CommandCost {
  commandsRun: number;
  cpuSeconds: number;
}

/** How a command ended; both null: its connection was lost, or it was closed from here. */
export interface CommandEnd {
  code: number | null;
  signal: string | null;
}

/** A running command's stdin and stdout as bytes. `end` closes its stdin, `destroy` ends it. */
export interface CommandStream extends Duplex {
  /** The last of what it wrote to stderr, at most 4 KiB. */
  readonly said: string;
  /** Resolves once, when its channel is closed; never rejects. */
  readonly ended: Promise<CommandEnd>;
  /** SIGINT to the command and what it started, as Ctrl-C does; `destroy` is for what does not heed it. */
  interrupt(): void;
}

/** In characters. */
export interface TerminalSize {
  columns: number;
  rows: number;
}

/** A terminal on a node: what is typed and what is shown, as bytes. */
export interface Terminal {
  readonly stream: Duplex;
  /** Resolves once, when it is closed; never rejects. Both null: the connection was lost, or it was closed from here. */
  readonly ended: Promise<CommandEnd>;
  resize(size: TerminalSize): void;
}

/**
 * Why a hop is wanted. `user`: the user waits for it; `reconnect`: it was open before, so that one refusal is enough; `poll`: as
 * that, and nobody is to be asked.
 */
export type HopReason = 'user' | 'reconnect' | 'poll';

/** A live connection to one node. It dies once: `closed` then fires with an AppError as reason. */
export interface Connection extends Shell {
  readonly node: string;
  readonly closed: AbortSignal;
  /** What this connection has cost the node so far. */
  readonly usage: LoginNodeUsage;
  /** What the user's login shell sets, if that is known: scripts that need it then start no login shell. */
  setLoginVariables(variables: Readonly<Record<string, string>>): void;
  /** Streamlocal channel to a Unix socket on that node. */
  openSocket(path: string, signal?: AbortSignal): Promise<Duplex>;
  /** Direct-tcpip channel, seen from that node. */
  openPort(host: string, port: number, signal?: AbortSignal): Promise<Duplex>;
  /**
   * A second SSH hop to a node behind this one, with the same user and sign-in; shared while held. Rejects with
   * `sign-in-needed` where a `poll` would have to ask the user.
   */
  hop(node: string, signal?: AbortSignal, reason?: HopReason): Promise<Lease>;
  /**
   * Runs a script whose stdin and stdout stay open: what it prints from its first byte on, byte-exact. It holds a session of
   * the server's few; where those are too few, it runs over a second connection. The signal is for the opening only.
   * `stderr`: takes all that the script writes there; a script whose error output is not read waits.
   * Rejects with `channel-refused`, `command-failed`, or what a second sign-in ends with.
   */
  openCommand(script: string, options?: { signal?: AbortSignal; stderr?: Writable }): Promise<CommandStream>;
  /**
   * As `openCommand`, for what can do without: in a session that nothing else needs, ended when something does. Null: the
   * server has none to spare. `cost`: what it says of itself, for `usage`.
   */
  openSpareCommand(
    script: string,
    options?: { signal?: AbortSignal; stderr?: Writable; cost?: () => CommandCost },
  ): Promise<CommandStream | null>;
  /**
   * A terminal with the user's login shell, or with a script that may take it over. It holds a session as a command does.
   * `type`: of the terminal here (`TERM`). Rejects with `channel-refused` where the server gives none.
   */
  openTerminal(options: TerminalSize & { type: string; script?: string; signal?: AbortSignal }): Promise<Terminal>;
  /** Writes temp + rename, checks the size. `mode` as in chmod. */
  writeFile(path: string, data: Uint8Array, options?: { mode?: number; signal?: AbortSignal }): Promise<void>;
  readFile(path: string, options?: { offset?: number; maxBytes?: number; signal?: AbortSignal }): Promise<Uint8Array>;
  /** As `writeFile` with bytes that come one after another; resolves with how many. An error of the source ends it. */
  upload(path: string, source: AsyncIterable<Uint8Array>, options?: UploadOptions): Promise<number>;
  /** The bytes of a file in order, at most `maxBytes`; the next ones wait for `write`. Resolves with how many. */
  download(
    path: string,
    write: (chunk: Uint8Array) => Promise<void>,
    options?: { offset?: number; maxBytes?: number; signal?: AbortSignal },
  ): Promise<number>;
}

/** A share in a connection. Release it exactly once; the last release lets the connection close (a hop) or idle (a cluster). */
export interface Lease {
  readonly connection: Connection;
  release(): void;
}

/** All connections of the app: one for each cluster, shared and ref-counted; reconnects while wanted. */
export interface Connections {
  /** Joins or begins the one connection. Prompts go out through `prompts`. Aborting leaves others' attempts alone. */
  acquire(clusterId: string, signal?: AbortSignal): Promise<Lease>;
  /** The user asked: connect and stay connected until `disconnect`. */
  connect(clusterId: string, signal?: AbortSignal): Promise<void>;
  disconnect(clusterId: string): Promise<void>;
  /** Try now, out of a backoff or after a cancelled prompt. */
  retry(clusterId: string): void;
  /** The user compared the fingerprint of another key for a known host: it is added when the host shows it. Tries now. */
  trustHostKey(clusterId: string, fingerprint: string): void;
  status(clusterId: string): ConnectionStatus;
  /** What all connections to the cluster have cost its login node, the ended ones too. */
  usage(clusterId: string): LoginNodeUsage;
  test(
    cluster: Cluster,
    signal: AbortSignal,
  ): Promise<Omit<ClusterTest, 'launchers'> & { connection: Connection; close(): void }>;
  /** The equivalent `ssh` options, for the copied command: e.g. `-J a@b:22 -p 2201 user@host`. */
  sshArguments(cluster: Cluster): string[];
  on(event: 'status', listener: (clusterId: string, status: ConnectionStatus) => void): () => void;
  on(event: 'event', listener: (event: ConnectionEvent) => void): () => void;
  /** A connection is up, again or for the first time: time to re-attach. */
  on(event: 'connected', listener: (clusterId: string, connection: Connection) => void): () => void;
  dispose(): Promise<void>;
}

/** Questions that wait for the user; one list for UI, CLI and tests. */
export interface Prompts {
  /** Rejects with `cancelled` on a cancel answer or an aborted signal. */
  ask(prompt: DistributiveOmit<Prompt, 'id' | 'askedAt'>, signal?: AbortSignal): Promise<PromptAnswer>;
  answer(id: string, answer: PromptAnswer): void;
  list(): Prompt[];
  onChange(listener: (prompts: Prompt[]) => void): () => void;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export interface SshConfig {
  hosts(): Promise<SshConfigHost[]>;
  /** By `ssh -G alias`. */
  resolve(alias: string): Promise<ResolvedHost>;
}
