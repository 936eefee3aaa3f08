import type { FolderEnvironment } from '../../shared/folders.ts';
import { quoteAll } from '../../shared/shell-quote.ts';
import { condaScript } from './conda-script.ts';

/** Days after which an environment that no launch used is taken away when another is made. */
const UNUSED_DAYS = 60;

/**
 * The part of a folder's start that installs what it needs, in bash, with `$folder`, `say` and `fail` there. Everything is
 * installed once for the same files and interpreter; whoever comes second waits for the first. An environment is made in a
 * directory of its launch's own and gets its name, a link, when it is whole: what was ended midway is never taken for one.
 */
export function environmentScript({ kind, files }: FolderEnvironment): string {
  if (kind === 'none') return '';
  return `envs=$folder/envs
lock=$folder/.installing
made=
held=
beat=
# A launch that is ended takes away what it had half made.
trap 'leave_lock; [ -z "$made" ] || rm -rf "$made"; exit 143' TERM INT
trap leave_lock EXIT
${lockPart}
${installReportPart}
${keyPart(files)}
${makePart(files)}
${installs[kind](files)}
trap - TERM INT EXIT
`;
}

const lockPart = `# The one who installs counts on; one that stands still for half a minute is gone.
take_lock() {
  still=0 seen= announced=
  until mkdir "$lock" 2>/dev/null; do
    [ -d "$lock" ] || mkdir "$lock" || fail 1 "nothing can be installed below $folder"
    now=
    if [ -f "$lock/beat" ]; then IFS= read -r now <"$lock/beat"; fi
    if [ "$now" = "$seen" ]; then still=$((still + 1)); else still=0 seen=$now; fi
    [ -n "$announced" ] || { announced=1; say "waiting: another launch installs the same environment"; }
    if [ "$still" -ge 30 ]; then mv "$lock" "$lock.gone.$$" 2>/dev/null && rm -rf "$lock.gone.$$"; still=0; fi
    sleep 1
  done
  held=1
  echo "$TUNEL_ID" >"$lock/owner"
  { n=0; while lock_is_ours; do n=$((n + 1)); echo "$TUNEL_NODE $n" >"$lock/beat"; sleep 5; done; } >/dev/null 2>&1 &
  beat=$!
}
lock_is_ours() { [ "$(cat "$lock/owner" 2>/dev/null)" = "$TUNEL_ID" ]; }
leave_lock() {
  [ -z "$beat" ] || kill "$beat" 2>/dev/null
  if [ -n "$held" ] && lock_is_ours; then rm -rf "$lock"; fi
  held= beat=
}`;

const installReportPart = `# Shows what a tool says as it says it, and keeps it to report why it failed.
shown() {
  { "$@" 2>&1; echo $? >"$TUNEL_DIR/installed"; } | tee "$TUNEL_DIR/install.log"
  read -r code <"$TUNEL_DIR/installed"
  [ "$code" = 0 ]
}
not_installed() {
  leave_lock
  [ -z "$made" ] || rm -rf "$made"
  words=$(grep -v -e '^[[:space:]]*$' -e '^\\[notice\\]' -e 'complete log of this run' "$TUNEL_DIR/install.log")
  why=$(printf '%s\\n' "$words" | grep '^ERROR:' | tail -n 1)
  fail 1 "the environment was not installed, as $1 says: \${why:-$(printf '%s\\n' "$words" | tail -n 1)}"
}`;

const keyPart = (
  files: readonly string[],
): string => `# What a list names (another list, a wheel beside it) decides as much as the list.
count_in() {
  [ -f "$1" ] || return 0
  case $counted in *"|$1|"*) return 0 ;; esac
  counted="$counted$1|"
  echo "$1"
  cat -- "$1"
  case $1 in
    *.txt | *.in)
      while IFS= read -r word; do
        case $word in -r?* | -c?*) word=\${word#-?} ;; esac
        word=\${word#./}
        count_in "$word"
        case $1 in */*) count_in "\${1%/*}/$word" ;; esac
      done < <(tr -s ' \\t=\\r' '\\n\\n\\n\\n' <"$1")
      ;;
  esac
}
key_of() {
  counted='|'
  { for file in ${quoteAll(files)}; do count_in "$file"; done; "$@" 2>&1; } | sha256sum | cut -c1-16
}`;

const makePart = (files: readonly string[]): string => `# make_env DIRECTORY fills it or ends with not_installed.
prepare_env() {
  env=$envs/$key
  if [ -f "$env/.ready" ]; then
    say "the environment is there already"
    touch -h "$env" 2>/dev/null
    return 0
  fi
  take_lock
  if [ ! -f "$env/.ready" ]; then
    say "installing what ${files[0] ?? 'the folder'} asks for (once; into $env)"
    rm -rf "$env" "$envs/$key".*
    mkdir -p "$envs"
    made=$envs/$key.$TUNEL_ID
    make_env "$made"
    lock_is_ours || { rm -rf "$made"; fail 75 "another launch took over the installation: launch again"; }
    : >"$made/.ready"
    ln -s "\${made##*/}" "$envs/.$key.new" && mv -fT "$envs/.$key.new" "$env" || fail 1 "the environment $env got no name"
    made=
    for old in $(find "$envs" -maxdepth 1 -type l -mtime +${UNUSED_DAYS}); do rm -rf "$(readlink -f "$old")" "$old"; done
  fi
  leave_lock
}`;

const installs: Record<Exclude<FolderEnvironment['kind'], 'none'>, (files: readonly string[]) => string> = {
  venv: (files) => `# What a user keeps in settings would send the packages into the user's own Python.
unset PIP_TARGET PIP_PREFIX PIP_ROOT PYTHONHOME
PIP_USER=0
export PIP_USER
python=$(command -v python3) || fail 127 "python3: command not found on $TUNEL_NODE"
has_ensurepip() { "$python" -c 'import ensurepip' 2>/dev/null; }
make_env() {
  pip=("$1/bin/python" -m pip)
  if has_ensurepip; then shown "$python" -m venv --system-site-packages "$1" || not_installed "python3 -m venv"
  else
    # As Debian has it without python3-venv.
    shown "$python" -m venv --without-pip --system-site-packages "$1" || not_installed "python3 -m venv"
    pip=("$python" -m pip --python "$1/bin/python")
  fi
  # An environment sees the packages of the Python below it, but not those of one it was made in.
  "$python" -c 'import site, sys
if sys.prefix != sys.base_prefix: print(*site.getsitepackages(), sep="\\n")' \\
    >"$("$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/tunel-parent.pth"
  ${files.includes('requirements.txt') ? 'asked=(-r requirements.txt)' : PROJECT}
  shown "\${pip[@]}" install --no-input --disable-pip-version-check --progress-bar off "\${asked[@]}" || not_installed pip
}
key=$(key_of "$python" -c 'import sys; print(sys.version, sys.prefix)')
[ -f "$envs/$key/.ready" ] || has_ensurepip || "$python" -m pip --version >/dev/null 2>&1 ||
  fail 127 "$python on $TUNEL_NODE has neither ensurepip nor pip, so nothing can be installed: load a Python that has, in the modules or the environment lines of the cluster"
prepare_env
VIRTUAL_ENV=$env
PATH=$env/bin:$PATH
export VIRTUAL_ENV PATH
`,
  conda: ([file = 'environment.yml']) => condaScript(file),
  npm: (files) => `command -v npm >/dev/null || fail 127 "npm: command not found on $TUNEL_NODE"
key=$(key_of node --version)
ready=node_modules/.tunel-ready
is_ready() { [ -f "$ready" ] && [ "$(cat "$ready")" = "$key" ]; }
if ! is_ready; then
  take_lock
  if ! is_ready; then
    say "installing what package.json asks for (once)"
    rm -f "$ready"
    shown npm ${files.some((name) => name !== 'package.json') ? 'ci' : 'install --no-package-lock'} --no-audit --no-fund || not_installed npm
    lock_is_ours || fail 75 "another launch took over the installation: launch again"
    mkdir -p node_modules
    echo "$key" >"$ready"
  fi
  leave_lock
else
  say "the packages are there already"
fi
`,
  // The project's own start of renv would look for its library elsewhere, and fetch renv itself.
  renv: () => `command -v Rscript >/dev/null || fail 127 "Rscript: command not found on $TUNEL_NODE"
RENV_CONFIG_AUTOLOADER_ENABLED=FALSE
export RENV_CONFIG_AUTOLOADER_ENABLED
make_env() {
  mkdir -p "$1"
  shown Rscript -e 'renv::restore(project = ".", library = commandArgs(TRUE)[1], prompt = FALSE)' "$1" || not_installed renv
}
key=$(key_of Rscript --version)
[ -f "$envs/$key/.ready" ] || Rscript -e 'quit(status = if (requireNamespace("renv", quietly = TRUE)) 0 else 1)' >/dev/null 2>&1 ||
  fail 127 "renv.lock needs the R package renv, which R on $TUNEL_NODE does not have: install it there once with install.packages(\\"renv\\"), or take renv.lock out of the folder if the packages are there"
prepare_env
R_LIBS=$env\${R_LIBS:+:$R_LIBS}
export R_LIBS
`,
};

/**
 * What a pyproject.toml asks for. A project that says how it is built is installed so that its files are used where they are;
 * of any other only the dependencies are, as uv has it too: most folders of an app cannot be built.
 */
const PROJECT = `"\${pip[0]}" - >"$1/asked.txt" 2>"$TUNEL_DIR/install.log" <<'END' || not_installed "pyproject.toml"
import sys
try:
    import tomllib
except ImportError:
    try:
        import tomli as tomllib
    except ImportError:
        from pip._vendor import tomli as tomllib
with open("pyproject.toml", "rb") as file:
    project = tomllib.load(file)
print("-e ." if "build-system" in project else "\\n".join(project.get("project", {}).get("dependencies", [])))
END
  asked=(-r "$1/asked.txt")`;
