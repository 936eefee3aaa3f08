import type { FolderStart } from '../../shared/folders.ts';
import { quote } from '../../shared/shell-quote.ts';
import { environmentScript } from './environment-script.ts';
import { reloadsItself } from './reload-policy.ts';
import { rescalePart } from './rescale-script.ts';

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
${environmentScript(start.environment)}${rescalePart(id, start)}${start.kind === 'streamlit' ? streamlitPart : ''}
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
