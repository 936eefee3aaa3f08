import type { FolderEnvironment, FolderStart } from '../../shared/folders.ts';
import { quote, quoteAll } from '../shell-quote.ts';

/** An app is served below this prefix where it was written for Rescale, which gives each cluster a short id. */
export const rescaleCluster = (id: string): string => id.replaceAll('-', '').slice(0, 20);

/**
 * What runs a folder's app on its node: its environment first, then its start line in the folder. It starts the app again
 * when `restart` in the launch's directory changes; with `watching` there it outlives an app that ended.
 */
export function runFolderScript(id: string, start: FolderStart): string {
  return `#!/bin/bash
# Runs the app of a folder for Tunel Desktop.
say() { printf 'Tunel: %s\\n' "$*"; }
fail() { code=$1; shift; printf 'Tunel: %s\\n' "$*" >&2; exit "$code"; }
folder=\${TUNEL_DIR%/*}/folders/${id}
ps=$(command -v ps)
cd "$folder/tree" 2>/dev/null || fail 66 "the files of this folder are not at $folder/tree on $TUNEL_NODE"
${environmentPart(start.environment)}${start.kind === 'rescale' ? rescalePart(id) : ''}
TUNEL_APP=$TUNEL_ID
export TUNEL_APP
line=${quote(start.line)}
again=
asked=
app=
begin() {
  [ -z "\${TUNEL_SOCKET-}" ] || rm -f "$TUNEL_SOCKET"
  say "starting: $line"
  sh -c "$line" </dev/null &
  app=$!
}
family() {
  for child in $("$ps" -o pid= --ppid "$1" 2>/dev/null); do family "$child"; done
  echo "$1"
}
end_app() {
  pids=$(family "$app")
  kill -TERM $pids 2>/dev/null
  tries=0
  while kill -0 "$app" 2>/dev/null && [ "$tries" -lt 50 ]; do tries=$((tries + 1)); sleep 0.1; done
  kill -KILL $pids 2>/dev/null
  wait "$app" 2>/dev/null
}
mark() { mark=; if [ -f "$TUNEL_DIR/restart" ]; then IFS= read -r mark <"$TUNEL_DIR/restart"; fi; }
look_out() {
  mark
  known=$mark
  while sleep 1; do
    mark
    if [ "$mark" != "$known" ]; then known=$mark; kill -USR1 $$ || exit 0; fi
${start.kind === 'rescale' ? '    look_for_8888\n' : ''}  done
}
trap 'again=1' USR1
# Whoever stops a job tells every process of it: a second signal would mean to many apps not to save.
trap 'asked=1' TERM INT
look_out &
watcher=$!
begin
while :; do
  wait "$app"
  code=$?
  if [ -n "$asked" ]; then
    while kill -0 "$app" 2>/dev/null; do wait "$app"; code=$?; done
    break
  fi
  if [ -n "$again" ]; then
    again=
    say "the folder changed, so the app starts again"
    end_app
    begin
    continue
  fi
  kill -0 "$app" 2>/dev/null && continue
  [ -f "$TUNEL_DIR/watching" ] || break
  say "the app ended with exit code $code; it starts again when the folder changes"
  while [ -z "$again$asked" ] && [ -f "$TUNEL_DIR/watching" ]; do sleep 1 & wait $!; done
  [ -n "$again" ] || break
  again=
  begin
done
kill "$watcher" 2>/dev/null
exit "$code"
`;
}

/** Everything is installed once for the same files and interpreter; whoever comes second waits for the first. */
function environmentPart({ kind, files }: FolderEnvironment): string {
  if (kind === 'none') return '';
  return `lock=$folder/.installing
held=
trap '[ -z "$held" ] || rm -rf "$lock"; [ -z "$beat" ] || kill "$beat" 2>/dev/null; exit 143' TERM INT
beat=
# The one who installs counts on; one that stands still for half a minute is gone.
take_lock() {
  still=0 seen= told=
  until mkdir "$lock" 2>/dev/null; do
    now=
    if [ -f "$lock/beat" ]; then IFS= read -r now <"$lock/beat"; fi
    if [ "$now" = "$seen" ]; then still=$((still + 1)); else still=0 seen=$now; fi
    [ -n "$told" ] || { told=1; say "waiting: another launch installs the same environment"; }
    if [ "$still" -ge 30 ]; then mv "$lock" "$lock.gone.$$" 2>/dev/null && rm -rf "$lock.gone.$$"; still=0; fi
    sleep 1
  done
  held=1
  { n=0; while [ -d "$lock" ]; do n=$((n + 1)); echo "$TUNEL_NODE $n" >"$lock/beat"; sleep 5; done; } 2>/dev/null &
  beat=$!
}
leave_lock() {
  kill "$beat" 2>/dev/null
  rm -rf "$lock"
  held= beat=
}
# Shows what a tool says as it says it, and keeps it to tell why it failed.
shown() {
  { "$@" 2>&1; echo $? >"$TUNEL_DIR/installed"; } | tee "$TUNEL_DIR/install.log"
  read -r code <"$TUNEL_DIR/installed"
  [ "$code" = 0 ]
}
not_installed() {
  leave_lock
  fail 1 "the environment was not installed, as $1 says: $(grep -v '^[[:space:]]*$' "$TUNEL_DIR/install.log" | grep -v '^\\[notice\\]' | tail -n 1)"
}
key_of() {
  { for file in ${quoteAll(files)}; do [ ! -f "$file" ] || { echo "$file"; cat "$file"; }; done; "$@" 2>&1; } | sha256sum | cut -c1-16
}
${installs[kind](files)}
trap - TERM INT
`;
}

const installs: Record<Exclude<FolderEnvironment['kind'], 'none'>, (files: readonly string[]) => string> = {
  venv: (files) => `python=$(command -v python3) || fail 127 "python3: command not found on $TUNEL_NODE"
env=$folder/envs/$(key_of "$python" -c 'import sys; print(sys.version, sys.prefix)')
if [ ! -f "$env/.ready" ]; then
  take_lock
  if [ ! -f "$env/.ready" ]; then
    say "installing what ${files[0] ?? ''} asks for (once; into $env)"
    rm -rf "$env"
    shown "$python" -m venv --system-site-packages "$env" || { rm -rf "$env"; not_installed "python3 -m venv"; }
    shown "$env/bin/python" -m pip install --no-input --disable-pip-version-check --progress-bar off ${
      files.includes('requirements.txt') ? '-r requirements.txt' : '.'
    } || { rm -rf "$env"; not_installed pip; }
    : >"$env/.ready"
  fi
  leave_lock
else
  say "the environment is there already"
fi
VIRTUAL_ENV=$env
PATH=$env/bin:$PATH
export VIRTUAL_ENV PATH
`,
  npm: (files) => `command -v npm >/dev/null || fail 127 "npm: command not found on $TUNEL_NODE"
key=$(key_of node --version)
ready=node_modules/.tunel-ready
is_ready() { [ -f "$ready" ] && [ "$(cat "$ready")" = "$key" ]; }
if ! is_ready; then
  take_lock
  if ! is_ready; then
    say "installing what package.json asks for (once)"
    shown npm ${files.some((name) => name !== 'package.json') ? 'ci' : 'install --no-package-lock'} --no-audit --no-fund || not_installed npm
    mkdir -p node_modules
    echo "$key" >"$ready"
  fi
  leave_lock
else
  say "the packages are there already"
fi
`,
  renv: () => `command -v Rscript >/dev/null || fail 127 "Rscript: command not found on $TUNEL_NODE"
RENV_PATHS_LIBRARY=$folder/envs/$(key_of Rscript --version)
export RENV_PATHS_LIBRARY
if [ ! -f "$RENV_PATHS_LIBRARY/.ready" ]; then
  take_lock
  if [ ! -f "$RENV_PATHS_LIBRARY/.ready" ]; then
    say "installing what renv.lock asks for (once)"
    shown Rscript -e 'renv::restore(prompt = FALSE)' || not_installed renv
    mkdir -p "$RENV_PATHS_LIBRARY" && : >"$RENV_PATHS_LIBRARY/.ready"
  fi
  leave_lock
else
  say "the packages are there already"
fi
`,
};

/**
 * What an app written for Rescale finds: its environment, a home of its own with a certificate, and its port, which becomes
 * one of this launch on the loopback (a program that is not Python keeps 8888). Its lines that end Jupyter reach only
 * what this launch started.
 */
function rescalePart(id: string): string {
  return `kit=$TUNEL_DIR/files/rescale
RESCALE_CLUSTER_ID=${rescaleCluster(id)}
RESCALE_CORES_PER_NODE=$(nproc 2>/dev/null || echo 1)
RESCALE_CORES_PER_SLOT=$RESCALE_CORES_PER_NODE
RESCALE_NODES_PER_SLOT=1
RESCALE_PROVIDER=tunel
RESCALE_JOB_ID=$TUNEL_ID
export RESCALE_CLUSTER_ID RESCALE_CORES_PER_NODE RESCALE_CORES_PER_SLOT RESCALE_NODES_PER_SLOT RESCALE_PROVIDER RESCALE_JOB_ID
TUNEL_USER_HOME=$HOME
HOME=$TUNEL_DIR/home
export HOME TUNEL_USER_HOME
command -v openssl >/dev/null || fail 127 "openssl: command not found on $TUNEL_NODE"
( umask 077
  mkdir -p "$HOME/.certs" &&
  openssl req -x509 -newkey rsa:2048 -nodes -days 400 -subj /CN=localhost -addext subjectAltName=DNS:localhost \\
    -keyout "$HOME/.certs/nb.key" -out "$HOME/.certs/nb.pem" 2>"$TUNEL_DIR/openssl.log"
) || fail 1 "no certificate was made: $(tail -n 1 "$TUNEL_DIR/openssl.log")"
PATH=$kit/bin:$PATH
PYTHONPATH=$kit/python\${PYTHONPATH:+:$PYTHONPATH}
BASH_ENV=$kit/bash-env.sh
export PATH PYTHONPATH BASH_ENV
hears_8888() { cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q ':22B8 [0-9A-F]*:0000 0A'; }
if hears_8888; then taken=1; else taken=; fi
look_for_8888() {
  if [ -n "$taken" ] || [ -f "$TUNEL_DIR/endpoint" ] || ! hears_8888; then return; fi
  printf '{"kind":"port","node":"%s","port":8888}\\n' "$TUNEL_NODE" >"$TUNEL_DIR/.endpoint.app" &&
    mv -f "$TUNEL_DIR/.endpoint.app" "$TUNEL_DIR/endpoint"
}
`;
}
