import { quote } from '../../../shared/shell-quote.ts';

/** What profiles set and scripts of this app use. Only these are read: others may hold secrets, and these are kept in a file. */
const names = [
  ...[
    'PATH',
    'LD_LIBRARY_PATH',
    'MANPATH',
    'MODULEPATH',
    'MODULESHOME',
    'MODULES_CMD',
    'MODULERCFILE',
    'LOADEDMODULES',
  ],
  ...['_LMFILES_', 'LMOD_CMD', 'LMOD_DIR', 'LMOD_PKG', 'LMOD_ROOT', 'LMOD_SYSTEM_DEFAULT_MODULES'],
  ...['SLURM_CONF', 'CONDOR_CONFIG', 'SGE_ROOT', 'SGE_CELL', 'SGE_QMASTER_PORT', 'SGE_EXECD_PORT', 'PBS_HOME'],
  ...['PBS_DEFAULT', 'PBS_SERVER', 'PBS_CONF_FILE', 'LSF_ENVDIR', 'LSF_SERVERDIR', 'LSF_LIBDIR', 'LSF_BINDIR'],
  ...['WORK', 'WORKDIR', 'SCRATCH', 'SCRATCHDIR', 'PROJECT', 'PROJECTDIR', 'PROJECT_HOME', 'TMPDIR'],
  ...['CONDA_EXE', 'MAMBA_EXE', 'MAMBA_ROOT_PREFIX', 'WORKON_HOME', 'APPTAINER_CACHEDIR', 'SINGULARITY_CACHEDIR'],
] as const;

/** A variable of the profile by its name; `tunel_module` says that `module` is a command there. */
export type LoginVariables = Readonly<Record<string, string>>;

const HAS_MODULE = 'tunel_module';
const MOST_CHARACTERS = 32_000;

/**
 * Shell text: `tunel_login` becomes the variables of the user's login shell, `NAME=value` a line. Standing shells have it set,
 * so that a script needs no login shell, which would run the user's start-up files again.
 */
export const readLoginVariables = `login='printf "\\n"
for name in ${names.join(' ')}; do
  eval "value=\\$$name"
  [ -z "$value" ] || printf "@@%s=%s\\n" "$name" "$value"
done
if command -v module >/dev/null 2>&1; then printf "@@${HAS_MODULE}=yes\\n"; fi'
tunel_login=$( (bash -lc "$login" || sh -lc "$login") </dev/null 2>/dev/null | sed -n 's/^@@//p')`;

/** Shell text: as above, unless the shell has them already. */
export const needLoginVariables = `if [ -z "\${tunel_login+x}" ]; then
${readLoginVariables}
fi`;

/** Shell text: prints them, reading them first where that has not been done. */
export const showLoginVariables = `${needLoginVariables}
printf '%s\\n' "$tunel_login"`;

/** Shell text: `take_login NAME...` sets and exports those variables that the login shell has. */
export const takeLoginFunction = `take_login() {
  for tunel_name in "$@"; do
    tunel_value=$(printf '%s\\n' "$tunel_login" | sed -n "s/^$tunel_name=//p" | tail -n 1)
    [ -z "$tunel_value" ] || { eval "$tunel_name=\\$tunel_value"; export "\${tunel_name?}"; }
  done
}`;

/** Shell text: exports all of them. */
export const takeAllLoginVariables = `${needLoginVariables}
${takeLoginFunction}
take_login ${names.join(' ')}`;

/** A non-login shell often lacks what the site's profile sets. Shell text: takes `variables` and `PATH` unless `test` holds. */
export function takeFromLogin(test: string, variables: readonly (typeof names)[number][]): string {
  return `if ! { ${test}; }; then
${needLoginVariables}
${takeLoginFunction}
take_login PATH ${variables.join(' ')}
fi`;
}

export function parseLoginVariables(text: string): LoginVariables {
  const known = new Set<string>([...names, HAS_MODULE]);
  const lines = text.split('\n').map((line) => /^(\w+)=(.+)$/.exec(line) ?? []);
  return Object.fromEntries(
    lines.flatMap(([, name = '', value = '']) =>
      known.has(name) && value.length <= MOST_CHARACTERS ? [[name, value]] : [],
    ),
  );
}

export const hasModuleCommand = (variables: LoginVariables): boolean => variables[HAS_MODULE] !== undefined;

/** Shell text that gives a shell the variables, as `readLoginVariables` would. */
export function loginVariablesText(variables: LoginVariables): string {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return `tunel_login=${quote(lines.join('\n'))}`;
}
