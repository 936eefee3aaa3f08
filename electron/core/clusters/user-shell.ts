import { quote } from '../../shared/shell-quote.ts';
import { takeAllLoginVariables } from '../ssh/shells/login-variables.ts';
import { makeModuleAvailable } from '../ssh/shells/module-command.ts';

/** What a user of a cluster has in front of every script there. */
interface Prologue {
  /** Shell lines. */
  environment: string;
  modules: readonly string[];
}

/** How a shell ends that lacks `module`. */
const NO_MODULE = 97;

/**
 * Script that runs `lines` with what the user's login shell sets, after their environment lines and modules, as a job does,
 * with nothing to read and its complaints thrown away. What these print before is part of the output: mark your own. A
 * `module` that only a login shell has is looked for in one. `--norc`: bash reads .bashrc for a `-c` below sshd.
 */
export function inUserShell(lines: string, { environment, modules }: Prologue): string {
  const needsModule = modules.length > 0 || /\bmodule\b/.test(`${environment}\n${lines}`);
  const loads = modules.map((name) => `module load ${quote(name)} >/dev/null 2>&1\n`).join('');
  const text = `${environment.trim() === '' ? '' : `${environment}\n`}${loads}${lines}`;
  const init = needsModule ? `${makeModuleAvailable}command -v module >/dev/null 2>&1 || exit ${NO_MODULE}\n` : '';
  return `${takeAllLoginVariables}
text=${quote(text)}
case $tunel_login in
  *tunel_module=yes*) init=${quote(init)} ;;
  *) init= ;;
esac
if command -v bash >/dev/null 2>&1; then set -- bash --norc; else set -- sh; fi
"$@" -c "$init$text" </dev/null 2>/dev/null
if [ "$?" = ${NO_MODULE} ] && [ -n "$init" ]; then "$1" -lc "$text" </dev/null 2>/dev/null; fi
`;
}
