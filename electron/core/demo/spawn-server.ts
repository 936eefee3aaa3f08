import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { StartDemoServer } from './demo-cluster.ts';

const startLimit = 15_000;

/** The server's process by plain Node. `file` is the bundled server.ts. */
export function spawnDemoServer(file: string): StartDemoServer {
  return async (folder, lastPort) => {
    const child = spawn(process.execPath, [file, folder, String(lastPort)], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      const port = await readPort(child);
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      return { port, ended, stop: () => end(child) };
    } catch (error) {
      await end(child);
      throw error;
    }
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill();
  await once(child, 'exit');
}

function readPort(child: ChildProcess): Promise<number> {
  const failed = (reason: string) =>
    new AppError('internal', message`The demo cluster did not start: ${{ reason }}.`, {
      hint: 'Restart Tunel to try again.',
    });
  return new Promise<number>((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(failed(`nothing heard for ${startLimit / 1000} s`)), startLimit);
    const settle = (work: () => void) => {
      clearTimeout(timer);
      work();
    };
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /^ready (\d+)$/m.exec(text);
      if (found) settle(() => resolve(Number(found[1])));
    });
    child.on('error', (error) => settle(() => reject(failed(error.message))));
    child.once('exit', (code) => settle(() => reject(failed(`its process ended with code ${code}`))));
  });
}
