import { quote } from '../../shared/shell-quote.ts';
import type { Transfer } from '../launchers/common/launcher.ts';
import type { LegacyLaunch } from '../recipes/legacy/launch-policy.ts';
import { linkLines, needsAround, startLines } from '../recipes/legacy/script.ts';
import { afterContainer, becomeScript, beforeContainer, type ContainerPlan, enterContainer } from '../runtimes/wrap.ts';
import { makeModuleAvailable } from '../ssh/shells/module-command.ts';
import { INPUTS_ARCHIVE } from './job-inputs.ts';

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
  /** The time that it asked for; null: not known. */
  minutes: number | null;
  /** Absolute; empty, only of a job with a `transfer`: `work` of its own directory, which is sent back at the end. */
  workDirectory: string;
  /** Shell lines of the cluster, run before modules are loaded. */
  environment: string;
  modules: readonly string[];
  /** Of a launcher whose jobs do not see `directory`. */
  transfer?: Transfer;
  /** None: native. */
  container?: ContainerPlan | null;
  /** Of a recipe of Tunel's: what its script expects around it. */
  legacy?: LegacyLaunch | null;
}

/**
 * The script a launcher starts. It writes down `started` (`<epoch s> <node>`), `endpoint` (JSON) when the app listens,
 * and `exit` (its code) at the end, each by temporary name and rename so that a reader never sees half of it.
 * The directory is written into it because a scheduler runs a copy of the script from its own spool.
 */
export function runScript(input: RunScriptInput): string {
  const { transfer } = input;
  return `#!/bin/sh
# Starts one app for Tunel Desktop, writes down where it listens and how it ended.
TUNEL_UMASK=$(umask)
umask 077
TUNEL_ID=${quote(input.id)}
TUNEL_DIR=${transfer ? transfer.directory : quote(input.directory)}
TUNEL_TOKEN_FILE=$TUNEL_DIR/secret
TUNEL_NODE=$(hostname 2>/dev/null || uname -n)
TUNEL_MINUTES=${input.minutes ?? ''}
# Where a job comes without a PATH (HTCondor), a shell's own is not handed on by itself.
export TUNEL_ID TUNEL_DIR TUNEL_TOKEN_FILE TUNEL_NODE TUNEL_MINUTES TUNEL_UMASK PATH
cd "$TUNEL_DIR" || exit 1

${transfer ? transferPart(input.directory, transfer) : 'publish() { :; }'}
put() {
  printf '%s\\n' "$2" >"$TUNEL_DIR/.$1.$$" && mv -f "$TUNEL_DIR/.$1.$$" "$TUNEL_DIR/$1" && publish "$1"
}
json() {
  printf '%s' "$1" | sed 's/[\\\\"]/\\\\&/g'
}

# A requeued job begins again: what the last run left would be taken for this one's.
rm -f endpoint exit problem stop s ./*.sock
${input.legacy ? linkLines(input.legacy) : ''}${input.container ? beforeContainer : ''}put started "$(date +%s) $TUNEL_NODE"

${listenPart(input)}
if command -v bash >/dev/null 2>&1; then shell=bash; else shell=sh; fi
app=
asked=
late=
${signalPart}
"$shell" "$TUNEL_DIR/start.sh" </dev/null &
app=$!
${waitPart}
for helper in $lookout $late $watches; do kill "$helper" 2>/dev/null; done
${input.container ? afterContainer(input.container) : ''}rm -f "$TUNEL_DIR/s" "$TUNEL_DIR"/*.sock
[ -z "$short" ] || rm -rf "$short"
${input.legacy?.link ? `rm -rf ${quote(input.legacy.link)}\n` : ''}[ ! -f problem ] || publish problem
put exit "$code"
exit "$code"
`;
}

const signalPart = `# Launchers signal every process of the job. Where a scheduler signals only this one, the others hear of it a little later:
# at once would be a second signal for most, and to many apps a second one means: do not save.
on_term() {
  [ -z "$asked" ] || return 0
  asked=1
  [ "$(ps -o pgid= -p $$ 2>/dev/null | tr -d ' ')" = "$$" ] || { kill -TERM "$app"; return 0; }
  { sleep 3; kill -TERM 0; } </dev/null >/dev/null 2>&1 &
  late=$!
}
trap on_term TERM INT`;

const waitPart = `code=0
wait "$app" || code=$?
# A signal ends wait with a code of its own, also when the app ended at that moment: so until it is gone, and once more.
# 127: this shell has given its code already; bash may have lost it and says -1.
alive=$asked
while [ -n "$alive" ]; do
  kill -0 "$app" 2>/dev/null || alive=
  again=0
  wait "$app" || again=$?
  case $again in 127 | -*) ;; *) code=$again ;; esac
done`;

/** What a job needs that does not see the instance's directory: a home, a work directory, a way to report its state. */
function transferPart(directory: string, transfer: Transfer): string {
  return `TUNEL_SUBMIT_DIR=${quote(directory)}
watches=
if [ -z "\${HOME-}" ] || [ ! -w "$HOME" ]; then
  HOME=$TUNEL_DIR/home
  export HOME
  mkdir -p "$HOME"
fi
mkdir -p "$TUNEL_DIR/work"
# Sent with a job that has a directory of its own.
[ ! -f ${INPUTS_ARCHIVE} ] || { tar -xof ${INPUTS_ARCHIVE} -C work && rm -f ${INPUTS_ARCHIVE}; } || exit 1
${transfer.prepare ?? ''}
publish() {
  ${transfer.publish}
}`;
}

function listenPart(input: RunScriptInput): string {
  if (input.listen === null) return 'lookout=\nshort=';
  const { legacy } = input;
  // Its own name first: other sockets beside it are not the app's.
  const own = legacy ? `${legacy.scriptDirectory}/` : null;
  const places = own === null ? '"$TUNEL_DIR"/*.sock' : `${quote(`${own}${legacy?.jobSlug}.sock`)} ${quote(own)}*.sock`;
  const sockets = `lookout() {
  tries=0
  while [ -d "$TUNEL_DIR" ] && [ ! -s "$TUNEL_DIR/endpoint" ]; do
    for socket in "\${TUNEL_SOCKET:-}" ${places}; do
      [ -S "$socket" ] || continue
      put endpoint "{\\"kind\\":\\"socket\\",\\"node\\":\\"$(json "$TUNEL_NODE")\\",\\"path\\":\\"$(json "$socket")\\"}"
      return
    done
    ${input.listen === 'port' ? 'port_is_open && return\n    ' : ''}tries=$((tries + 1))
    # Most apps listen within two seconds, and somebody waits for them.
    if [ "$tries" -lt 40 ]; then pause=0.05; elif [ "$tries" -lt 180 ]; then pause=0.2; else pause=1; fi
    sleep "$pause" 2>/dev/null || sleep 1
  done
}
lookout &
lookout=$!
`;
  if (input.listen === 'port') {
    return `short=
listening() {
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q "$(printf ':%04X' "$1") [0-9A-F]*:0000 0A"
}
TUNEL_PORT=${input.port ?? 20_000}
${legacy?.port ? '' : freePort(input)}export TUNEL_PORT
port_is_open() {
  # Without /proc (macOS) nobody can be asked; the first request finds out.
  if [ -r /proc/net/tcp ]; then listening "$TUNEL_PORT" || return 1; fi
  put endpoint "{\\"kind\\":\\"port\\",\\"node\\":\\"$(json "$TUNEL_NODE")\\",\\"port\\":$TUNEL_PORT}"
}
${sockets}`;
  }
  // Not XDG_RUNTIME_DIR: on a login node it vanishes with the user's last session, and the app outlives that.
  return `TUNEL_SOCKET=$TUNEL_DIR/s
short=
if [ "$(printf '%s' "$TUNEL_SOCKET" | wc -c)" -gt ${MAX_SOCKET_PATH} ]; then
  short=$(mktemp -d /tmp/tunel-XXXXXXXX) || exit 1
  chmod 700 "$short"
  TUNEL_SOCKET=$short/s
fi
export TUNEL_SOCKET
${sockets}`;
}

function freePort({ port, legacy }: RunScriptInput): string {
  return `tries=0
while listening "$TUNEL_PORT" && [ "$tries" -lt 500 ]; do
  tries=$((tries + 1))
  TUNEL_PORT=$((20000 + ($$ * 31 + tries * 977) % 12000))
done
${
  legacy
    ? `# The number is written into this script.
[ "$TUNEL_PORT" = ${port} ] || { sed "s/${port}/$TUNEL_PORT/g" script.sh >.script && cat .script >script.sh; rm -f .script; }
`
    : ''
}`;
}

/**
 * For bash where there is one, since the cluster's lines are written for the user's login shell: makes `module` available,
 * runs the lines, loads the modules. Needs `TUNEL_DIR` and `TUNEL_NODE`; `problem KIND SUBJECT WORDS` gives up.
 */
export function prologue(input: Pick<RunScriptInput, 'environment' | 'modules'>): string {
  const modules = input.modules.map((name) => `load ${quote(name)}`).join('\n');
  return `problem() {
  printf 'Tunel: %s\\n' "$3" >&2
  printf '%s %s\\n' "$1" "$2" >"$TUNEL_DIR/problem"
  exit 78
}
${
  input.modules.length > 0 || /\bmodule\b/.test(input.environment) ? makeModuleAvailable : ''
}${input.environment.trim() === '' ? '' : '. "$TUNEL_DIR/environment.sh"\n'}${
  input.modules.length > 0
    ? `load() {
  command -v module >/dev/null 2>&1 || problem module "$1" "there is no module command on $TUNEL_NODE, so $1 was not loaded"
  module load "$1" || problem module "$1" "the module $1 could not be loaded on $TUNEL_NODE"
}
${modules}
`
    : ''
}`;
}

/** Runs in bash where there is one: the prologue, then the work directory; becomes the recipe's script or its container. */
export function startScript(input: RunScriptInput): string {
  return `${prologue(input)}work=${input.workDirectory === '' ? '$TUNEL_DIR/work' : quote(input.workDirectory)}
cd "$work" || problem work-directory "$work" "the work directory $work cannot be entered on $TUNEL_NODE"
${input.container ? enterContainer(input.id, input.container) : becomeLines(input)}`;
}

function becomeLines({ legacy }: RunScriptInput): string {
  const around = legacy && needsAround(legacy) ? 'sh "$TUNEL_DIR/around.sh" ' : '';
  return `${legacy ? startLines(legacy) : ''}${becomeScript}exec ${around}"$@" "$TUNEL_DIR/script.sh"\n`;
}
