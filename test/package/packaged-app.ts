import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, expect, type Page } from '@playwright/test';
import { z } from 'zod';
import { appRoot } from '../helpers/electron.ts';

const release = join(appRoot, 'release');
const folder = existsSync(release)
  ? readdirSync(release).find((name) => /^linux(-\w+)?-unpacked$/.test(name))
  : undefined;

/** The unpacked app's program, and what lies beside its archive. @throws where there is none yet */
export function packaged(): { executable: string; plain: string } {
  const executable = join(release, folder ?? '', 'tunel-desktop');
  if (!folder || !existsSync(executable)) throw new Error('There is no packaged app yet: run `npm run package` first.');
  return { executable, plain: join(release, folder, 'resources/app.asar.unpacked') };
}

function start(args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return spawn(packaged().executable, [...sandbox, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
}

export interface PackagedApp {
  browser: Browser;
  /** Tunel's own page. */
  page: Page;
  /** A second start with these words, as the system does it for a link; resolves with its exit code. */
  again(...words: string[]): Promise<number | null>;
  close(): Promise<void>;
}

/** The fuses refuse Node's inspector, by which Playwright starts Electron; Chromium's own port is reached instead. */
export async function startPackaged(env: NodeJS.ProcessEnv): Promise<PackagedApp> {
  const child = start(['--remote-debugging-port=0'], env);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  try {
    const address = await debuggerOf(child, ended);
    // A browser that is attached to before it has a page may leave its first page waiting.
    await expect.poll(() => pagesOf(address)).toContainEqual(expect.stringMatching(/^app:/));
    const browser = await chromium.connectOverCDP(address);
    const page = browser
      .contexts()
      .flatMap((context) => context.pages())
      .find((one) => one.url().startsWith('app://'));
    if (!page) throw new Error('The packaged app does not show its page.');
    return {
      browser,
      page,
      again: (...words) => new Promise((resolve) => start(words, env).once('exit', resolve)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function debuggerOf(child: ChildProcess, ended: Promise<number | null>): Promise<string> {
  return new Promise((resolve, reject) => {
    let words = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      words += text;
      const found = /DevTools listening on (ws:\S+)/.exec(words)?.[1];
      if (found) resolve(found);
    });
    void ended.then((code) => reject(new Error(`The packaged app ended with ${code}:\n${words.slice(-4000)}`)));
  });
}

const targets = z.array(z.object({ url: z.string() }));

async function pagesOf(address: string): Promise<string[]> {
  const answer = await fetch(new URL('/json/list', address.replace('ws:', 'http:')));
  return targets.parse(await answer.json()).map(({ url }) => url);
}
