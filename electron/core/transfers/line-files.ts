import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

/** Read or written at a time. */
const CHUNK = 1024 * 1024;

/** The lines of a file, some at a time. Only `\n` ends one: names have all other ends of lines in them. */
export async function* linesOf(path: string): AsyncIterable<string[]> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: CHUNK })) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
  if (rest !== '') yield [rest];
}

/** Writes a file of any number of lines, and has it on the disk. */
export async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    let held: string[] = [];
    let size = 0;
    const flush = async () => {
      await file.appendFile(held.join(''));
      held = [];
      size = 0;
    };
    for (const line of lines) {
      held.push(`${line}\n`);
      size += line.length;
      if (size >= CHUNK) await flush();
    }
    await flush();
    await file.datasync();
  } finally {
    await file.close();
  }
}
