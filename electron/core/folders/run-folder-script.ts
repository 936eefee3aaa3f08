import type { FolderStart } from '../../shared/folders.ts';
import { quote } from '../../shared/shell-quote.ts';
import { environmentScript } from './environment-script.ts';
import { reloadsItself } from './reload-policy.ts';

/** An app is served below this prefix where it was written for Rescale, which gives each cluster a short id. */
export const rescaleCluster = (id: string): string => id.replaceAll('-', '').slice(0, 20);

/** The folder's files, in the directory of a launch whose job does not see where they are. */
export const sentTree = 'folder.tar';

/**
 * What runs a folder's app on its node: its environment first, then its start line in the folder. It starts the app again
 * when `restart` in the launch's directory changes; with `watching` there it outlives an app that ended.
 */
export function runFolderScript(id: string, start: FolderStart): string {
  const reloads = reloadsItself(start);
  return `#!/bin/bash
# Runs the app of a folder for Tunel Desktop.
say() { printf 'Tunel: %s\\n' "$*"; }
fail() { code=$1; shift; printf 'Tunel: %s\\n' "$*" >&2; exit "$code"; }
folder=\${TUNEL_DIR%/*}/folders/${id}
if [ -f "$TUNEL_DIR/${sentTree}" ]; then
  # The job does not see the home directory.
  folder=$TUNEL_DIR/folder
  mkdir -p "$folder/tree" && tar -C "$folder/tree" -xpf "$TUNEL_DIR/${sentTree}" && rm -f "$TUNEL_DIR/${sentTree}" ||
    fail 66 "the files of this folder could not be unpacked on $TUNEL_NODE"
fi
ps=$(command -v ps)
cd "$folder/tree" 2>/dev/null || fail 66 "the files of this folder are not at $folder/tree on $TUNEL_NODE"
${environmentScript(start.environment)}${start.kind === 'rescale' ? rescalePart(id) : ''}${start.kind === 'streamlit' ? streamlitPart : ''}
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
${endAppPart}
${lookOutPart(start.kind === 'rescale')}
trap 'again=1' USR1
# Whoever stops a job signals every process of it: a second signal would mean to many apps not to save.
trap 'asked=1' TERM INT
look_out &
watcher=$!
begin
${keepRunningPart(reloads)}
kill "$watcher" 2>/dev/null
exit "$code"
`;
}

const endAppPart = `family() {
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
}`;

const lookOutPart = (
  isRescale: boolean,
): string => `mark() { mark=; if [ -f "$TUNEL_DIR/restart" ]; then IFS= read -r mark <"$TUNEL_DIR/restart"; fi; }
look_out() {
  mark
  known=$mark
  while sleep 1; do
    mark
    if [ "$mark" != "$known" ]; then known=$mark; kill -USR1 $$ || exit 0; fi
${isRescale ? '    look_for_8888\n' : ''}  done
}`;

const keepRunningPart = (reloads: boolean): string => `while :; do
  wait "$app"
  code=$?
  if [ -n "$asked" ]; then
    while kill -0 "$app" 2>/dev/null; do wait "$app"; code=$?; done
    break
  fi
  if [ -n "$again" ]${reloads ? ' && ! kill -0 "$app" 2>/dev/null' : ''}; then
    again=
    say "the folder changed, so the app starts again"
    end_app
    begin
    continue
  fi
${reloads ? '  again=\n' : ''}  kill -0 "$app" 2>/dev/null && continue
  [ -f "$TUNEL_DIR/watching" ] || break
  say "the app ended with exit code $code; it starts again when the folder changes"
  while [ -z "$again$asked" ] && [ -f "$TUNEL_DIR/watching" ]; do sleep 1 & wait $!; done
  [ -n "$again" ] || break
  again=
  begin
done`;

const streamlitPart = `STREAMLIT_SERVER_HEADLESS=true
STREAMLIT_BROWSER_GATHER_USAGE_STATS=false
export STREAMLIT_SERVER_HEADLESS STREAMLIT_BROWSER_GATHER_USAGE_STATS`;

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
