import { AppError } from '../../shared/errors.ts';
import type { Shell } from '../ssh/types.ts';
import { inUserShell } from './user-shell.ts';

const MOST = 2000;
/** Characters of a line of the list; longer ones are no names. */
const MAX_NAME = 500;
const LIMIT_MS = 10_000;
const MARK = '@@modules';

/** For the user's shell: its own `module`, as people see it there; Lmod writes the list to stderr. */
export const modulesScript = {
  mark: `${MARK}\n`,
  lines: `LMOD_PAGER=none; MODULES_PAGER=cat; export LMOD_PAGER MODULES_PAGER
printf '\\n%s\\n' '${MARK}'; module -t avail 2>&1 | head -n 20000
`,
};

/**
 * Names from `module -t avail`: without the folders they are in, the folders of a name (Lmod's `gcc/`) and the marks
 * behind it (`(default)`, `(D)`, `<L>`). What a login file prints, and messages, are no names.
 */
export function readModules(text: string): string[] {
  const names = text
    .slice(text.lastIndexOf(`${MARK}\n`))
    .split('\n')
    .filter((line) => line.length <= MAX_NAME)
    .map((line) => line.trim().replace(/(\s*(\([^()]*\)|<[^<>]*>))+$/, ''))
    .filter((name) => /^[A-Za-z0-9_][\w.+@:~/-]*$/.test(name) && !/[:/]$/.test(name));
  return [...new Set(names)].slice(0, MOST);
}

/** Names that `module load` takes, at most 2000; none where there are no modules, or they take longer than ten seconds. */
export async function detectModules(shell: Shell, signal?: AbortSignal): Promise<string[]> {
  try {
    const script = inUserShell(modulesScript.lines, { environment: '', modules: [] });
    const { stdout } = await shell.run(script, { signal, timeoutMs: LIMIT_MS });
    return stdout.includes(`${MARK}\n`) ? readModules(stdout) : [];
  } catch (error) {
    // A slow file system under the modules must not keep anybody from working.
    if (AppError.from(error).code === 'timeout') return [];
    throw error;
  }
}
