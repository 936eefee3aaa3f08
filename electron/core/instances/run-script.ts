import { quote } from '../shell-quote.ts';

/** Bytes a Unix socket's path may have: sun_path is 108 on Linux, 104 on macOS, with room for a suffix of the app's. */
export const MAX_SOCKET_PATH = 99;

export interface RunScriptInput {
  id: string;
  /** Absolute, on the cluster. */
  directory: string;
  /** How the app listens; null: it does not (a batch job). */
  listen: 'socket' | 'port' | null;
  /** Tried first; another free one is taken when it is in use on the node. */
  port: number | null;
  /** Absolute. */
  workDirectory: string;
  /** Shell lines of the cluster, run before modules are loaded. */
  environment: string;
  modules: readonly string[];
}

export const socketPath = (directory: string): string => `${directory}/s`;

/** What `run.sh` may leave in `problem` when it could not start the script, one word and its subject. */
export const runProblems = ['module', 'work-directory'] as const;

/**
 * The script a launcher starts. It writes down `started` (`<epoch s> <node>`), `endpoint` (JSON) when the app listens,
 * and `exit` (its code) at the end, each by temporary name and rename so that a reader never sees half of it.
 * The directory is written into it because a scheduler runs a copy of the script from its own spool.
 */
export function runScript(input: RunScriptInput): string {
  const long = Buffer.byteLength(socketPath(input.directory)) > MAX_SOCKET_PATH;
  return `#!/bin/sh
# Starts one app for Tunel Desktop, writes down where it listens and how it ended.
TUNEL_UMASK=$(umask)
umask 077
TUNEL_ID=${quote(input.id)}
TUNEL_DIR=${quote(input.directory)}
TUNEL_TOKEN_FILE=$TUNEL_DIR/secret
TUNEL_NODE=$(hostname 2>/dev/null || uname -n)
export TUNEL_ID TUNEL_DIR TUNEL_TOKEN_FILE TUNEL_NODE TUNEL_UMASK
cd "$TUNEL_DIR" || exit 1

put() {
  printf '%s\\n' "$2" >"$TUNEL_DIR/.$1.$$" && mv -f "$TUNEL_DIR/.$1.$$" "$TUNEL_DIR/$1"
}
json() {
  printf '%s' "$1" | sed 's/[\\\\"]/\\\\&/g'
}

# A requeued job begins again: what the last run left would be taken for this one's.
rm -f endpoint exit problem stop s ./*.sock
put started "$(date +%s) $TUNEL_NODE"

${listenPart(input, long)}
if command -v bash >/dev/null 2>&1; then shell=bash; else shell=sh; fi
app=
asked=
late=
# Launchers tell every process of the job. Where a scheduler tells only this one, the others hear of it a little later:
# at once would be a second signal for most, and to many apps a second one means: do not save.
on_term() {
  [ -z "$asked" ] || return 0
  asked=1
  [ "$(ps -o pgid= -p $$ 2>/dev/null | tr -d ' ')" = "$$" ] || { kill -TERM "$app"; return 0; }
  { sleep 3; kill -TERM 0; } </dev/null >/dev/null 2>&1 &
  late=$!
}
trap on_term TERM INT
"$shell" "$TUNEL_DIR/start.sh" </dev/null &
app=$!
code=0
wait "$app" || code=$?
while [ -n "$asked" ] && kill -0 "$app" 2>/dev/null; do
  code=0
  wait "$app" || code=$?
done
for helper in $lookout $late; do kill "$helper" 2>/dev/null; done
rm -f "$TUNEL_DIR/s" "$TUNEL_DIR"/*.sock
${long && input.listen === 'socket' ? 'rm -rf "$short"\n' : ''}put exit "$code"
exit "$code"
`;
}

function listenPart(input: RunScriptInput, long: boolean): string {
  if (input.listen === null) return 'lookout=';
  const sockets = `lookout() {
  tries=0
  while [ -d "$TUNEL_DIR" ] && [ ! -s "$TUNEL_DIR/endpoint" ]; do
    for socket in "\${TUNEL_SOCKET:-}" "$TUNEL_DIR"/*.sock; do
      [ -S "$socket" ] || continue
      put endpoint "{\\"kind\\":\\"socket\\",\\"node\\":\\"$(json "$TUNEL_NODE")\\",\\"path\\":\\"$(json "$socket")\\"}"
      return
    done
    ${input.listen === 'port' ? 'port_is_open && return\n    ' : ''}tries=$((tries + 1))
    if [ "$tries" -lt 150 ]; then sleep 0.2 2>/dev/null || sleep 1; else sleep 1; fi
  done
}
lookout &
lookout=$!
`;
  if (input.listen === 'port') {
    return `listening() {
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q "$(printf ':%04X' "$1") [0-9A-F]*:0000 0A"
}
TUNEL_PORT=${input.port ?? 20_000}
tries=0
while listening "$TUNEL_PORT" && [ "$tries" -lt 500 ]; do
  tries=$((tries + 1))
  TUNEL_PORT=$((20000 + ($$ * 31 + tries * 977) % 12000))
done
export TUNEL_PORT
port_is_open() {
  # Without /proc (macOS) nobody can be asked; the first request finds out.
  if [ -r /proc/net/tcp ]; then listening "$TUNEL_PORT" || return 1; fi
  put endpoint "{\\"kind\\":\\"port\\",\\"node\\":\\"$(json "$TUNEL_NODE")\\",\\"port\\":$TUNEL_PORT}"
}
${sockets}`;
  }
  // Not XDG_RUNTIME_DIR: on a login node it vanishes with the user's last session, and the app outlives that.
  const where = long
    ? `short=$(mktemp -d /tmp/tunel-XXXXXXXX) || exit 1
chmod 700 "$short"
TUNEL_SOCKET=$short/s`
    : 'TUNEL_SOCKET=$TUNEL_DIR/s';
  return `${where}
export TUNEL_SOCKET
${sockets}`;
}

/**
 * Runs in bash where there is one, since the cluster's lines are written for the user's login shell: makes `module`
 * available, runs the lines, loads the modules, goes to the work directory, becomes the recipe's script.
 */
export function startScript(input: RunScriptInput): string {
  const modules = input.modules.map((name) => `load ${quote(name)}`).join('\n');
  return `problem() {
  printf 'Tunel: %s\\n' "$3" >&2
  printf '%s %s\\n' "$1" "$2" >"$TUNEL_DIR/problem"
  exit 78
}
${
  input.modules.length > 0 || /\bmodule\b/.test(input.environment)
    ? `if ! command -v module >/dev/null 2>&1; then
  for file in /etc/profile.d/lmod.sh /etc/profile.d/z00_lmod.sh /etc/profile.d/modules.sh \\
    "\${LMOD_PKG:-/usr/share/lmod/lmod}/init/bash" "\${MODULESHOME:-/usr/share/modules}/init/bash" /etc/profile; do
    command -v module >/dev/null 2>&1 && break
    [ -r "$file" ] && . "$file"
  done
fi
`
    : ''
}${input.environment.trim() === '' ? '' : '. "$TUNEL_DIR/environment.sh"\n'}${
  input.modules.length > 0
    ? `load() {
  command -v module >/dev/null 2>&1 || problem module "$1" "there is no module command on $TUNEL_NODE, so $1 was not loaded"
  module load "$1" || problem module "$1" "the module $1 could not be loaded on $TUNEL_NODE"
}
${modules}
`
    : ''
}work=${quote(input.workDirectory)}
cd "$work" || problem work-directory "$work" "the work directory $work cannot be entered on $TUNEL_NODE"
IFS= read -r first <"$TUNEL_DIR/script.sh"
case $first in
  '#!'*) set -- \${first#??} ;;
  *) set -- bash ;;
esac
command -v "$1" >/dev/null 2>&1 || set -- sh
umask "$TUNEL_UMASK"
exec "$@" "$TUNEL_DIR/script.sh"
`;
}
