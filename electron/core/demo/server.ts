import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { timingSafeEqual } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Duplex, Readable, Writable } from 'node:stream';
import ssh2, { type AuthContext, type Connection, type ServerChannel, type Session } from 'ssh2';
import { readDemoKeys } from './keys.ts';
import { followSize, type TerminalRequest, terminalCommand } from './pseudo-terminal.ts';
import { serveSftp } from './sftp-server.ts';
import { openSignalReports, SIGNAL_FILE, type SignalReport } from './signal-report.ts';

type CommandProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * The demo cluster: a real SSH server for this user alone, on loopback, in a process of its own. Its arguments are its
 * folder and the port to prefer; it prints `ready PORT` once it listens, and ends when its input closes, so that it
 * never outlives the app.
 */
const [folder, wantedPort] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: demo-cluster FOLDER [PORT]');
const keys = readDemoKeys(folder);
const home = join(folder, 'home');
mkdirSync(home, { recursive: true, mode: 0o700 });
const newSignalReport = openSignalReports(folder);
const user = userInfo().username;
const allowed = parseKey(keys.userPublic);

const server = new ssh2.Server({ hostKeys: [keys.host] }, (client) => {
  client.on('authentication', (context) => authenticate(context));
  client.on('ready', () => serve(client));
  // A client that vanishes is no event for the server.
  client.on('error', () => {});
});

function parseKey(text: string) {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  return key;
}

function authenticate(context: AuthContext): void {
  if (context.method !== 'publickey' || context.username !== user) {
    context.reject(['publickey']);
    return;
  }
  const offered = context.key.data;
  const expected = allowed.getPublicSSH();
  const same = offered.length === expected.length && timingSafeEqual(offered, expected);
  const signed = context.signature
    ? context.blob !== undefined && allowed.verify(context.blob, context.signature, context.hashAlgo) === true
    : true;
  if (same && signed) context.accept();
  else context.reject(['publickey']);
}

function serve(client: Connection): void {
  client.on('session', (accept) => serveSession(accept()));
  client.on('tcpip', (accept, reject, { destIP, destPort }) => {
    const socket = connect(destPort, destIP);
    socket.once('connect', () => joinStreams(accept(), socket));
    socket.on('error', () => reject());
  });
  client.on('openssh.streamlocal', (accept, reject, { socketPath }) => {
    const socket = connect(socketPath);
    socket.once('connect', () => joinStreams(accept(), socket));
    socket.on('error', () => reject());
  });
}

/** Bytes both ways until either side ends; each error ends the other side too. */
function joinStreams(a: Duplex, b: Duplex): void {
  a.pipe(b).pipe(a);
  a.on('error', () => b.destroy());
  b.on('error', () => a.destroy());
  a.on('close', () => b.destroy());
  b.on('close', () => a.destroy());
}

function serveSession(session: Session): void {
  let terminal: TerminalRequest | null = null;
  let resize: (rows: number, cols: number) => void = () => {};
  const start = (channel: ServerChannel, command: string | null) => {
    const report = terminal ? newSignalReport() : null;
    const child = startCommand(command, terminal, report);
    if (terminal) resize = followSize(child, process.platform);
    joinCommand(channel, child, report);
  };
  session.on('pty', (accept, reject, { rows, cols, term, modes }) => {
    if (process.platform === 'win32') return void reject?.();
    // An environment takes no NUL, and no terminal has such a name.
    terminal = { rows, cols, term: /^[\w.+-]+$/.test(term) ? term : 'dumb', modes };
    accept?.();
  });
  session.on('window-change', (accept, _reject, { rows, cols }) => {
    resize(rows, cols);
    accept?.();
  });
  session.on('shell', (accept, reject) => {
    if (terminal) start(accept(), null);
    else reject();
  });
  session.on('exec', (accept, _reject, { command }) => start(accept(), command));
  session.on('sftp', (accept) => serveSftp(accept(), home));
}

function startCommand(
  command: string | null,
  terminal: TerminalRequest | null,
  report: SignalReport | null,
): CommandProcess {
  const [program, ...args] = terminal
    ? terminalCommand(terminal, command, process.platform)
    : ['/bin/sh', '-c', command ?? ''];
  return spawn(program, args, {
    cwd: home,
    env: {
      HOME: home,
      USER: user,
      LOGNAME: user,
      SHELL: '/bin/sh',
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      LANG: process.env.LANG ?? 'C.UTF-8',
      ...(terminal && { TERM: terminal.term }),
      ...(report && { [SIGNAL_FILE]: report.path }),
    },
    // A process group of its own, so that a channel that closes early takes the whole command with it.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', terminal ? 'pipe' : 'ignore'],
  }) as CommandProcess;
}

/** `report`: of a command on a terminal. */
function joinCommand(channel: ServerChannel, child: CommandProcess, report: SignalReport | null): void {
  channel.pipe(child.stdin);
  const sent = sendOutputs(channel, child);
  // The command may end before it has read all of its input.
  child.stdin.on('error', () => {});
  child.on('error', () => {
    channel.exit(127);
    channel.end();
  });
  child.once('close', async (code, signal) => {
    const ownSignal = report?.take() ?? signal;
    await sent();
    if (channel.destroyed) return;
    if (ownSignal) channel.exit(ownSignal);
    else channel.exit(code ?? 0);
    channel.end();
  });
  channel.once('close', () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    try {
      // A shell at a terminal ends by SIGHUP only.
      process.kill(-child.pid, report ? 'SIGHUP' : 'SIGTERM');
    } catch {
      // It ended in between.
    }
  });
}

/**
 * Sends what a command writes, one piece at a time: where output and error output both wait for the client's window, ssh2
 * forgets the error output. The returned function waits until all that was read is sent.
 */
function sendOutputs(channel: ServerChannel, child: CommandProcess) {
  let sent: Promise<void> = Promise.resolve();
  const closed = new Promise<void>((resolve) => channel.once('close', resolve));
  const forward = (source: Readable, target: Writable) => {
    source.on('data', (chunk: Buffer) => {
      source.pause();
      const isSent = sent.then(() => new Promise<void>((resolve) => target.write(chunk, () => resolve())));
      // A channel that is closed calls nobody back.
      sent = Promise.race([isSent, closed]);
      void sent.then(() => source.resume());
    });
  };
  forward(child.stdout, channel);
  forward(child.stderr, channel.stderr);
  return () => sent;
}

let port = Number(wantedPort ?? 0);
server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE' || port === 0) throw error;
  port = 0;
  server.listen(port, '127.0.0.1');
});
server.on('listening', () => {
  const address = server.address();
  process.stdout.write(`ready ${typeof address === 'object' && address ? address.port : port}\n`);
});
server.listen(port, '127.0.0.1');
// Electron's utility processes have no input; they end with the app by themselves.
const inElectron: boolean = 'parentPort' in process;
if (!inElectron) {
  process.stdin.resume();
  process.stdin.once('end', () => process.exit(0));
  process.stdin.once('close', () => process.exit(0));
}
