import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Shows text on the terminal by `$PAGER`, else by `less`, which leaves it there where it fits on one screen. */
export async function showPaged(text: string): Promise<void> {
  const { PAGER = 'less', LESS = 'FRX' } = process.env;
  if (PAGER === '' || PAGER === 'cat' || !(await runPager(PAGER, LESS, text))) process.stdout.write(text);
}

/** False: there is no such program. */
async function runPager(pager: string, less: string, text: string): Promise<boolean> {
  const child = spawn(pager, {
    shell: true,
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, LESS: less },
  });
  // Ctrl-C is the pager's.
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  // Who quits it early closes its input.
  child.stdin.on('error', ignore);
  child.stdin.end(text);
  try {
    const [code] = await once(child, 'close');
    return code !== 127;
  } finally {
    process.off('SIGINT', ignore);
  }
}
