import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runCommand } from './clusters.ts';
import { eventually } from './instance.ts';

export interface Desktop {
  /** For a program that is to use this session. */
  env: Record<string, string>;
  /** The keyring stays on the bus and answers nothing any more. */
  freezeKeyring(): void;
  close(): Promise<void>;
}

/**
 * A bus of its own, and on it an unlocked Secret Service unless `keyring` is false, as a desktop's login makes them. Their
 * files are in a home of their own, so that no keyring of this machine's user is touched.
 */
export async function startDesktop({ keyring }: { keyring: boolean }): Promise<Desktop> {
  const home = await mkdtemp(join(tmpdir(), 'tunel-desktop-'));
  const env: Record<string, string> = {
    HOME: home,
    XDG_DATA_HOME: join(home, 'share'),
    XDG_RUNTIME_DIR: home,
    PATH: process.env.PATH ?? '',
  };
  const children: ChildProcess[] = [];
  let daemon: ChildProcess | null = null;
  const close = async () => {
    for (const child of children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  const start = (command: string, args: string[]) => {
    const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
    children.push(child);
    return child;
  };
  try {
    const bus = start('dbus-daemon', ['--session', '--nofork', '--print-address=1']);
    env.DBUS_SESSION_BUS_ADDRESS = await firstLine(bus);
    if (keyring) {
      daemon = start('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets']);
      daemon.stdin?.end('keyring-pass');
      await untilOwned('org.freedesktop.secrets', env);
    }
    return { env, freezeKeyring: () => void daemon?.kill('SIGSTOP'), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Waits until a service is on the bus. */
async function untilOwned(name: string, env: Record<string, string>): Promise<void> {
  const address = `DBUS_SESSION_BUS_ADDRESS=${env.DBUS_SESSION_BUS_ADDRESS}`;
  const bus = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus'];
  await eventually(
    () => runCommand('env', [address, 'dbus-send', ...bus, 'org.freedesktop.DBus.NameHasOwner', `string:${name}`]),
    ({ stdout }) => stdout.includes('boolean true'),
  );
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The output is not read.');
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${child.spawnfile} ended before it said a word`);
  });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  return line;
}
