import { isContainerLauncher } from '../../../shared/legacy-launcher-names.ts';
import { quote } from '../../../shared/shell-quote.ts';
import type { LegacyLaunch } from './launch-policy.ts';

/** Shell text around the unchanged script of a recipe of Tunel's. All of it needs TUNEL_ID, TUNEL_DIR and TUNEL_NODE. */

/** Where the script is not simply run: something beside it has to begin before or to be waited for after. */
export const needsAround = ({ kind, variables }: LegacyLaunch): boolean => kind === 'xserver' || 'docker' in variables;

/** In `run.sh`, before anything looks for a socket. `mkdir` fails where somebody has made that name before. */
export const linkLines = ({ link }: LegacyLaunch): string =>
  link === null
    ? ''
    : `if [ -O ${quote(link)} ] && [ ! -L ${quote(link)} ]; then rm -rf ${quote(link)}; fi
mkdir -m 700 ${quote(link)} && ln -s "$TUNEL_DIR" ${quote(`${link}/d`)} || exit 1
`;

/** In `start.sh`, before the script: programs under the names it calls, private caches, the file with Jupyter's token. */
export function startLines(launch: LegacyLaunch): string {
  const { kind, variables } = launch;
  const program = variables.docker;
  return `mkdir -p "$TUNEL_DIR/bin"
if command -v apptainer >/dev/null 2>&1 && ! command -v singularity >/dev/null 2>&1; then
  printf '#!/bin/sh\\nexec %s "$@"\\n' "$(command -v apptainer)" >"$TUNEL_DIR/bin/singularity"
fi
${program === undefined ? '' : engineLines(program)}chmod 700 "$TUNEL_DIR/bin"/* 2>/dev/null
PATH=$TUNEL_DIR/bin:$PATH
cache=$HOME/.tunel/cache/singularity
mkdir -p "$cache" && chmod 700 "$cache"
: "\${SINGULARITY_CACHEDIR:=\${APPTAINER_CACHEDIR:-$cache}}"
: "\${APPTAINER_CACHEDIR:=$SINGULARITY_CACHEDIR}"
tr -d '\\n' <"$TUNEL_TOKEN_FILE" >"$TUNEL_DIR/token"
JUPYTER_TOKEN_FILE=$TUNEL_DIR/token
export PATH SINGULARITY_CACHEDIR APPTAINER_CACHEDIR JUPYTER_TOKEN_FILE
${kind === 'batch' ? '' : 'TUNEL_UMASK=077\n'}`;
}

/** `docker` and `podman` for the script: the one that is there, and its containers get a label. */
function engineLines(program: string): string {
  if (!isContainerLauncher(program)) return '';
  const other = program === 'docker' ? 'podman' : 'docker';
  return `engine=$(command -v ${program} || command -v ${other}) || problem runtime-missing ${program} "${program} was not found on $TUNEL_NODE"
printf '%s\\n' "$engine" >"$TUNEL_DIR/engine"
cat >"$TUNEL_DIR/bin/docker" <<END
#!/bin/sh
# Containers of this app get a label, by which they are found and ended.
case \\$1 in
  container) shift ;;
esac
case \\$1 in
  run | create) verb=\\$1; shift; exec '$engine' "\\$verb" --label tunel=$TUNEL_ID "\\$@" ;;
esac
exec '$engine' "\\$@"
END
cp "$TUNEL_DIR/bin/docker" "$TUNEL_DIR/bin/podman"
`;
}

/** Run instead of the script, with the command that runs it as arguments. `around.sh watch PID` ends what a killed job left. */
export function aroundScript(launch: LegacyLaunch): string {
  const hasEngine = 'docker' in launch.variables;
  return `#!/bin/sh
# Runs a recipe's script with what it needs beside it, and ends with the last of it.
main() {
umask 077
app= asked= display= watcher= waiting=
${hasEngine ? engineFunctions(launch.jobSlug) : ''}${launch.kind === 'xserver' ? displayFunctions : ''}on_term() {
  [ -z "$asked" ] || return 0
  asked=1
  [ -z "$app" ] || kill -TERM "$app" 2>/dev/null
  ${hasEngine ? 'stop_containers\n' : ''}
}
trap on_term TERM INT
${launch.kind === 'xserver' ? 'start_display\n' : ''}${hasEngine ? 'watch_containers\n' : ''}umask "$TUNEL_UMASK"
"$@" &
app=$!
code=0
wait "$app" || code=$?
while [ -n "$asked" ] && kill -0 "$app" 2>/dev/null; do
  code=0
  wait "$app" || code=$?
done
app=
${hasEngine ? 'await_containers\n' : ''}${launch.kind === 'xserver' ? 'kill "$display" 2>/dev/null\n' : ''}exit "$code"
}
main "$@"
`;
}

/** A container that runs detached outlives its script; the app lasts as long as it does. */
const engineFunctions = (jobSlug: string): string => `engine=$(cat "$TUNEL_DIR/engine")
# Those that run or are about to end; \`ps\` alone leaves out the latter.
containers() {
  { "$engine" ps -a --filter label=tunel="$TUNEL_ID" --format '{{.ID}} {{.State}}'
    "$engine" ps -a --filter name=${quote(jobSlug)} --format '{{.ID}} {{.State}}'; } 2>/dev/null |
    sed -n -E 's/^([0-9a-f]+) (running|restarting|paused|stopping|removing)$/\\1/p' | sort -u
}
# In a session of its own: a second TERM for the whole app must not cut it off half-way.
stop_containers() {
  ids=$(containers)
  [ -n "$ids" ] || return 0
  if command -v setsid >/dev/null 2>&1; then setsid "$engine" stop -t 5 $ids >/dev/null 2>&1
  else "$engine" stop -t 5 $ids >/dev/null 2>&1; fi
}
if [ "$1" = watch ]; then
  trap '' TERM INT HUP
  while kill -0 "$2" 2>/dev/null; do sleep 2; done
  ids=$(containers)
  [ -z "$ids" ] || { "$engine" kill $ids; "$engine" rm -f $ids; } >/dev/null 2>&1
  exit 0
fi
watch_containers() {
  command -v setsid >/dev/null 2>&1 || return 0
  ( setsid sh "$TUNEL_DIR/around.sh" watch "$$" </dev/null >/dev/null 2>&1 & )
}
await_containers() {
  ids=$(containers)
  for id in $ids; do "$engine" logs -f "$id" </dev/null & done
  while [ -n "$ids" ]; do
    if [ -n "$asked" ]; then stop_containers; fi
    "$engine" wait $ids >"$TUNEL_DIR/waited" 2>/dev/null &
    waiting=$!
    wait "$waiting"
    last=$(tail -n 1 "$TUNEL_DIR/waited")
    ids=$(containers)
    [ -z "$ids" ] || sleep 1
  done
  # Podman and Docker say -1 or nothing of one that is removed already.
  case \${last-} in '' | *[!0-9]*) ;; *) [ -n "$asked" ] || code=$last ;; esac
}
`;

/**
 * A display of its own, seen by nobody but who may enter the instance's directory: VNC on a socket in it and on no port,
 * X by a cookie. The entry is for any address and any number (FamilyWild), so that no xauth is needed.
 */
const displayFunctions = `start_display() {
  server=$(command -v Xvnc || command -v Xtigervnc) || {
    printf 'Tunel: Xvnc: command not found on %s. This app draws on an X display, and TigerVNC provides one:\\n' "$TUNEL_NODE" >&2
    printf 'load its module, put it on the PATH in the environment lines of the cluster, or ask for the package (tigervnc-standalone-server, tigervnc-server).\\n' >&2
    exit 127
  }
  XAUTHORITY=$TUNEL_DIR/Xauthority
  { printf '\\377\\377\\000\\000\\000\\000\\000\\022MIT-MAGIC-COOKIE-1\\000\\020'; head -c 16 /dev/urandom; } >"$XAUTHORITY"
  : >"$TUNEL_DIR/display"
  set -- "$server" -displayfd 3 -rfbunixpath "$TUNEL_SOCKET" -rfbunixmode 0600 -rfbport -1 -SecurityTypes None \\
    -auth "$XAUTHORITY" -nolisten tcp -geometry 1280x800 -depth 24 -AlwaysShared -desktop "$TUNEL_ID"
  if command -v setsid >/dev/null 2>&1; then set -- setsid "$@"; fi
  "$@" 3>"$TUNEL_DIR/display" </dev/null &
  display=$!
  tries=0
  until [ -s "$TUNEL_DIR/display" ]; do
    tries=$((tries + 1))
    if ! kill -0 "$display" 2>/dev/null || [ "$tries" -gt 300 ]; then
      printf 'Tunel: the X display did not begin on %s; its own words are above.\\n' "$TUNEL_NODE" >&2
      exit 1
    fi
    sleep 0.1 2>/dev/null || sleep 1
  done
  DISPLAY=:$(head -n 1 "$TUNEL_DIR/display")
  export DISPLAY XAUTHORITY
  for manager in openbox xfwm4 icewm fvwm metacity marco twm; do
    command -v "$manager" >/dev/null 2>&1 || continue
    "$manager" </dev/null >/dev/null 2>&1 &
    break
  done
}
`;
