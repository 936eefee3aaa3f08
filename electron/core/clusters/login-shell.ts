import { quote } from '../../shared/shell-quote.ts';

/** What a user of a cluster has in front of every script there. */
interface Prologue {
  /** Shell lines. */
  environment: string;
  modules: readonly string[];
}

/**
 * Script that runs `lines` as the user's own login shell would, after their environment lines and modules, with nothing to
 * read and its complaints thrown away. What these print before is part of the output: mark your own.
 */
export function inLoginShell(lines: string, { environment, modules }: Prologue): string {
  const loads = modules.map((name) => `module load ${quote(name)} >/dev/null 2>&1\n`).join('');
  const text = `${environment.trim() === '' ? '' : `${environment}\n`}${loads}${lines}`;
  return `if command -v bash >/dev/null 2>&1; then shell=bash; else shell=sh; fi
"$shell" -lc ${quote(text)} </dev/null 2>/dev/null
`;
}
