import { type ContainerRuntime, type Image, imageText } from '../../shared/image-policy.ts';
import { quote } from '../../shared/shell-quote.ts';
import type { Bind } from './bind-policy.ts';
import { storeFunctions } from './private-store.ts';

/** All that is decided about the container of one launch. */
export interface ContainerPlan {
  runtime: ContainerRuntime;
  /** The command found on the login node; a node may have it under another name or only after a module is loaded. */
  program: string;
  image: Image;
  binds: readonly Bind[];
  env: Readonly<Record<string, string>>;
  gpu: boolean;
}

/** The image as the cache gives it to an instance, in its directory. */
export const imageFile = (runtime: ContainerRuntime): string => (runtime === 'apptainer' ? 'image.sif' : 'image.tar');

/** Becomes the recipe's script, by its own first line where that program is there. */
export const becomeScript = `IFS= read -r first <"$TUNEL_DIR/script.sh"
case $first in
  '#!'*) set -- \${first#??} ;;
  *) set -- bash ;;
esac
command -v "$1" >/dev/null 2>&1 || set -- sh
umask "$TUNEL_UMASK"
`;

/**
 * Of the node's environment an app in a container gets what a scheduler and Tunel say, and what every program expects;
 * the rest (paths of modules, say) would not fit what is inside. Never a name that suggests a secret.
 */
const passedNames =
  '^(TUNEL_[A-Z_]+|HOME|USER|LOGNAME|LANG|LC_[A-Z]+|TZ|TERM|SLURM[A-Z0-9_]*|_CONDOR_[A-Za-z0-9_]+|PBS_[A-Z_]+|LSB_[A-Z_]+|JOB_ID|JOB_NAME|NSLOTS|NHOSTS|QUEUE|PE_HOSTFILE|SGE_TASK_[A-Z]+|(CUDA|NVIDIA|ROCR|HIP)_VISIBLE_DEVICES|OMP_NUM_THREADS|(https?|no)_proxy|(HTTPS?|NO)_PROXY)$';
const secretNames = '^[^T].*(TOKEN|JWT|SECRET|PASSW|KEY)';

/**
 * What runs inside, in the image's own sh. Variables come from a file, so that no value is on a command line and no
 * runtime expands it. The shell stays: as the first process of its namespace it waits for orphans, nothing is left when it
 * ends, and the file system stays until the app has ended. TERM comes to it by the runtime. In Podman's and Docker's
 * namespaces nobody else has signalled the app; under Apptainer the launcher signals every process, and a second signal at once
 * means to many apps: do not save.
 */
function insideScript(plan: ContainerPlan): string {
  const own = Object.entries(plan.env).map(([name, value]) => `${name}=${quote(value)}; export ${name}\n`);
  return `#!/bin/sh
# Runs in the container: takes over the job's variables and runs the recipe's script.
umask 077
here=\${0%/*}
. "$here/variables.sh" || exit 78
: >"$here/inside"
${own.join('')}cd "$TUNEL_WORK" || exit 78
app=
asked=
late=
on_term() {
  [ -z "$asked" ] || return 0
  asked=1
  ${
    plan.runtime === 'apptainer'
      ? `{ sleep 3; kill -TERM "$app"; } </dev/null >/dev/null 2>&1 &
  late=$!`
      : 'kill -TERM "$app" 2>/dev/null'
  }
}
trap on_term TERM INT HUP
${becomeScript}"$@" "$TUNEL_DIR/script.sh" &
app=$!
code=0
wait "$app" || code=$?
while [ -n "$asked" ] && kill -0 "$app" 2>/dev/null; do
  code=0
  wait "$app" || code=$?
done
[ -z "$late" ] || kill "$late" 2>/dev/null
exit "$code"
`;
}

/** A killed Apptainer leaves the process that serves its image. It is known by the directory for temporary files. */
const sweep = `  if [ -n "$2" ]; then
    for process in /proc/[0-9]*; do
      [ -O "$process" ] && grep -qs "=$2/" "$process/environ" && kill -KILL "\${process#/proc/}" 2>/dev/null
    done
  fi
`;

/** `cleanup.sh watch PID SCRATCH` outlives a run.sh that is killed; `cleanup.sh now SCRATCH` is the usual end. */
function cleanupScript(id: string, plan: ContainerPlan): string {
  const container = quote(`tunel-${id}`);
  return `#!/bin/sh
# Ends the container of this app and removes what its runtime kept on this node.
program=$(cat "\${0%/*}/program" 2>/dev/null)
${storeFunctions}
main() {
  if [ "$1" = watch ]; then
    # A scheduler's TERM is for the app; this one is ended by run.sh, or ends what run.sh left.
    trap '' TERM INT HUP
    while kill -0 "$2" 2>/dev/null; do sleep 2; done
    shift
  fi
${plan.runtime === 'apptainer' ? sweep : ''}${plan.runtime === 'docker' ? `  "$program" rm -f ${container} >/dev/null 2>&1\n` : ''}  drop_scratch "$2" ${container}
  exit 0
}
main "$@"
`;
}

/** The files beside `script.sh` that a container needs; name -> text. */
export const containerFiles = (id: string, plan: ContainerPlan): Record<string, string> => ({
  'inside.sh': insideScript(plan),
  'cleanup.sh': cleanupScript(id, plan),
});

/** Before anything else in `run.sh`: what a requeued job's last run left. */
export const beforeContainer = 'rm -f inside scratch program variables.sh\n';

/**
 * In `run.sh` after the app is gone. A container that never came to its first line is the runtime's failure. The watcher goes
 * last: whoever kills this in the middle of it leaves that one to do the rest.
 */
export function afterContainer(plan: ContainerPlan): string {
  return `scratch=$(cat "$TUNEL_DIR/scratch" 2>/dev/null)
sh "$TUNEL_DIR/cleanup.sh" now "$scratch"
watcher=$(cat "$TUNEL_DIR/watcher" 2>/dev/null)
[ -z "$watcher" ] || kill -KILL "-$watcher" 2>/dev/null
rm -f "$TUNEL_DIR/scratch" "$TUNEL_DIR/watcher" "$TUNEL_DIR/program" "$TUNEL_DIR/variables.sh"
[ -e "$TUNEL_DIR/inside" ] || [ -e "$TUNEL_DIR/problem" ] || [ "$code" = 0 ] || [ -n "$asked" ] || put problem ${quote(`runtime ${plan.runtime}`)}
`;
}

/**
 * The end of `start.sh` in the work directory: finds the runtime and the image on this node, then becomes the runtime's
 * command. Uses `problem` of start.sh. Directories keep their paths inside, so that sockets, secrets and files are where
 * the variables say.
 */
export function enterContainer(id: string, plan: ContainerPlan): string {
  const { runtime } = plan;
  const names = runtime === 'apptainer' ? ['apptainer', 'singularity'] : [runtime];
  const known = plan.program.startsWith('/') ? `\n[ -n "$program" ] || program=${quote(plan.program)}` : '';
  return `TUNEL_WORK=$PWD
export TUNEL_WORK
program=$(${names.map((name) => `command -v ${name}`).join(' || ')})${known}
[ -x "$program" ] || problem runtime-missing ${runtime} "${runtime} was not found on $TUNEL_NODE"
printf '%s\\n' "$program" >"$TUNEL_DIR/program"
${imagePart(plan)}${storeFunctions}
make_scratch || problem runtime ${runtime} "there is no room for temporary files on $TUNEL_NODE"
printf '%s\\n' "$scratch" >"$TUNEL_DIR/scratch"
( setsid sh "$TUNEL_DIR/cleanup.sh" watch "$PPID" "$scratch" </dev/null >/dev/null 2>&1 &
  printf '%s\\n' "$!" >"$TUNEL_DIR/watcher" )
env | sed -n 's/^\\([A-Za-z_][A-Za-z0-9_]*\\)=.*/\\1/p' | grep -E ${quote(passedNames)} | grep -Ev ${quote(secretNames)} | while read -r name; do
  eval "value=\\$$name"
  printf "export %s='%s'\\n" "$name" "$(printf '%s' "$value" | sed "s/'/'\\\\\\\\''/g")"
done >"$TUNEL_DIR/variables.sh"
use_scratch "$scratch" || problem runtime ${runtime} "$scratch cannot be written on $TUNEL_NODE"
cd "$TUNEL_DIR" || exit 1
socket=\${TUNEL_SOCKET:-$TUNEL_DIR/s}
${commands[runtime](id, plan)}`;
}

/** Sets `image`: what the cache gave, else the file that was named. */
function imagePart({ runtime, image }: ContainerPlan): string {
  if (runtime === 'docker' && image.kind === 'registry') return `image=${quote(image.name)}\n`;
  const name = imageText(image);
  const named = image.kind === 'registry' ? '' : `\n[ -e "$image" ] || image=${quote(image.path)}`;
  return `image=$TUNEL_DIR/${imageFile(runtime)}${named}
[ -r "$image" ] || problem image ${quote(name)} "the image "${quote(name)}" is not on $TUNEL_NODE, or may not be read"
`;
}

const runOptions = (id: string): string =>
  `--rm --name ${quote(`tunel-${id}`)} --network host --security-opt label=disable --security-opt no-new-privileges --pull never --entrypoint sh --workdir "$TUNEL_DIR"`;

const inside = 'sh "$TUNEL_DIR/inside.sh"';

const commands: Record<ContainerRuntime, (id: string, plan: ContainerPlan) => string> = {
  apptainer: (_id, plan) => `set -- exec --cleanenv --pid
[ ! -d "$HOME" ] || set -- "$@" --home "$HOME"
${bindLines('--bind', plan.binds)}${gpuLines(plan, '--nv', '--rocm')}exec "$program" "$@" "$image" ${inside}
`,
  podman: (id, plan) => `# By another name for each state of the file: one that is there is not unpacked again.
name=localhost/tunel:$({ printf '%s\\n' ${quote(imageText(plan.image))}; ls -lnL "$image" | awk '{ print $5, $6, $7, $8 }'; } | cksum | tr -c '0-9\\n' -)
mend_store
if ! private_podman image exists "$name"; then
  loaded=$(private_podman load -q -i "$image") && private_podman tag "$(printf '%s\\n' "$loaded" | sed -n 's/^Loaded image[^:]*: *//p' | head -n 1)" "$name" ||
    problem runtime podman "podman could not load $image on $TUNEL_NODE"
fi
set -- run ${runOptions(id)} --userns keep-id --log-driver none
[ ! -d /dev/mqueue ] || set -- "$@" --ipc host
# Without cgroups of its own the container stays in the job's and under its limits. Only crun can do that.
[ "$(private_podman info --format '{{.Host.OCIRuntime.Name}}' 2>/dev/null)" != crun ] || set -- "$@" --cgroups disabled
[ ! -d "$HOME" ] || set -- "$@" --volume "$HOME:$HOME"
${bindLines('--volume', plan.binds)}${gpuLines(plan, '--device nvidia.com/gpu=all', '--device /dev/kfd --device /dev/dri')}exec "$program" --root "$state/root" --runroot "$state/run/r" --tmpdir "$state/run/l" \\
  --cgroup-manager cgroupfs --events-backend none "$@" "$name" "$TUNEL_DIR/inside.sh"
`,
  docker: (id, plan) => `${
    plan.image.kind === 'registry'
      ? `"$program" image inspect "$image" >/dev/null 2>&1 || "$program" pull "$image" || problem runtime docker "docker could not fetch $image on $TUNEL_NODE"
`
      : `loaded=$("$program" load -q -i "$image") || problem runtime docker "docker could not load $image on $TUNEL_NODE"
image=$(printf '%s\\n' "$loaded" | sed -n 's/^Loaded image[^:]*: *//p' | head -n 1)
`
  }set -- run ${runOptions(id)} --ipc host
# A daemon of the user's own maps root inside to the user; any other runs as the user that is named.
"$program" info --format '{{.SecurityOptions}}' 2>/dev/null | grep -q rootless || set -- "$@" --user "$(id -u):$(id -g)"
[ ! -d "$HOME" ] || set -- "$@" --volume "$HOME:$HOME"
${bindLines('--volume', plan.binds)}${gpuLines(plan, '--gpus all', '--device /dev/kfd --device /dev/dri')}exec "$program" "$@" "$image" "$TUNEL_DIR/inside.sh"
`,
};

/** Podman refuses two mounts at one path, so each is given once. */
function bindLines(option: '--bind' | '--volume', binds: readonly Bind[]): string {
  const own = binds.map(({ source, target, readOnly }) => {
    const to = target ?? source;
    return `set -- "$@" ${option} ${path(source)}:${path(to)}${readOnly ? ':ro' : ''}\n`;
  });
  return `[ "$TUNEL_DIR" = "$HOME" ] || set -- "$@" ${option} "$TUNEL_DIR:$TUNEL_DIR"
case $TUNEL_WORK in "$HOME" | "$TUNEL_DIR") ;; *) set -- "$@" ${option} "$TUNEL_WORK:$TUNEL_WORK" ;; esac
case \${socket%/*} in "$HOME" | "$TUNEL_DIR" | "$TUNEL_WORK") ;; *) set -- "$@" ${option} "\${socket%/*}:\${socket%/*}" ;; esac
${own.join('')}`;
}

function path(text: string): string {
  const [, start = '', rest = ''] = /^(~|\$TUNEL_DIR)?(.*)$/.exec(text) ?? [];
  const root = start === '~' ? '"$HOME"' : start === '' ? '' : '"$TUNEL_DIR"';
  return `${root}${rest === '' ? '' : quote(rest)}`;
}

function gpuLines({ gpu }: ContainerPlan, nvidia: string, amd: string): string {
  if (!gpu) return '';
  return `[ ! -e /dev/nvidiactl ] || set -- "$@" ${nvidia}
[ ! -e /dev/kfd ] || set -- "$@" ${amd}
`;
}
