import { relative, sep } from 'node:path';
import { watch as chokidar } from 'chokidar';
import { alwaysIgnored, rulesOf } from './ignore-policy.ts';

/** A save is often several writes; they are waited for this long. */
const SETTLED_MS = 250;

/**
 * Calls `changed` after each save in a folder, one call at a time; saves during a call lead to one more.
 * What is never sent is not watched either. `failed`: the system gives no more news, e.g. it watches too many files.
 * @returns what ends it
 */
export function watchFiles(
  root: string,
  changed: () => Promise<void>,
  failed: (why: string) => void,
): () => Promise<void> {
  const rules = rulesOf(alwaysIgnored);
  const watcher = chokidar(root, {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path, stats) => {
      const name = relative(root, path).split(sep).join('/');
      if (name === '' || name.startsWith('..')) return false;
      return rules.ignores(stats?.isDirectory() ? `${name}/` : name);
    },
  });
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let again = false;
  let closed = false;
  const run = async (): Promise<void> => {
    do {
      again = false;
      await changed();
    } while (again && !closed);
  };
  const soon = () => {
    if (closed) return;
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => {
      again = true;
      running ??= run().finally(() => {
        running = null;
      });
    }, SETTLED_MS);
  };
  watcher.on('all', soon);
  watcher.on('error', (error) => failed(String(error)));
  return async () => {
    closed = true;
    if (timer) clearTimeout(timer);
    await watcher.close();
    await running;
  };
}
