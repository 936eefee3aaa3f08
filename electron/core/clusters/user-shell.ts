import { quote } from '../../shared/shell-quote.ts';
import { takeAllLoginVariables } from '../ssh/shells/login-variables.ts';
import { makeModuleAvailable } from '../ssh/shells/module-command.ts';

/** What a user of a cluster has in front of every script there. */
interface Prologue {
  /** Shell lines. */
  environment: string;
  modules: readonly string[];
}

/**
 * Script that runs `lines` with what the user's login shell sets, after their environment lines and modules, as a job does,
 * with nothing to read and its complaints thrown away. What these print before is part of the output: mark your own. A
 * `module` that only a login shell has is looked for in one.
 */
export function inUserShell(lines: string, { environment, modules }: Prologue): string {
  const needsModule = modules.length > 0 || /\bmodule\b/.test(`${environment}\n${lines}`);
  const loads = modules.map((name) => `module load ${quote(name)} >/dev/null 2>&1\n`).join('');
  const text = `${environment.trim() === '' ? '' : `${environment}\n`}${loads}${lines}`;
  return `${takeAllLoginVariables}
if command -v bash >/dev/null 2>&1; then shell=bash; else shell=sh; fi
text=${quote(text)}
init=${needsModule ? quote(makeModuleAvailable) : ''}
how=-c
case $init:$tunel_login in
  ?*:*tunel_module=yes*) "$shell" -c "$init command -v module" </dev/null >/dev/null 2>&1 || how=-lc ;;
esac
"$shell" "$how" "$init
$text" </dev/null 2>/dev/null
`;
}
