import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../electron/shared/errors.ts';
import { message } from '../../electron/shared/messages.ts';
import type { JsonOption } from '../json-option.ts';
import { printDone } from '../output.ts';
import { version } from '../version.ts';
import { manualPages, pageFile } from './pages.ts';

export interface ManualOptions extends JsonOption {
  folder?: string;
}

/** Shows the page of a command on a terminal, and prints it elsewhere; `folder`: writes all pages there. */
export async function showManual(program: Command, name: string | undefined, options: ManualOptions): Promise<void> {
  const pages = manualPages(program, version);
  if (options.folder !== undefined) {
    const folder = resolve(options.folder);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of pages) writeFileSync(join(folder, file), text);
    return printDone(options, { folder, files: [...pages.keys()] }, `${pages.size} pages are in ${folder}.`);
  }
  const text = pages.get(fileOf(program, name)) ?? '';
  if (!process.stdout.isTTY || !(await showByMan(text))) process.stdout.write(text);
}

function fileOf(program: Command, name: string | undefined): string {
  if (name === undefined) return 'tunel.1';
  const command = program.commands.find((each) => each.name() === name || each.aliases().includes(name));
  if (command) return pageFile(command);
  throw new AppError('not-found', message`There is no command “${{ name }}”.`, { hint: 'See: tunel --help' });
}

/** False: there is no program for manual pages. */
async function showByMan(text: string): Promise<boolean> {
  const man = spawn('man', ['-l', '-'], { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = once(man, 'close').then(
    ([code]) => code === 0,
    () => false,
  );
  man.stdin.on('error', () => undefined);
  man.stdin.end(text);
  return ended;
}
