import { type ContainerRuntime, type Image, imageText } from '../../shared/image-policy.ts';
import { quote } from '../../shared/shell-quote.ts';
import { cacheKey, isLoopbackRegistry } from './image-policy.ts';
import { storeFunctions } from './private-store.ts';
import { imageFile } from './wrap.ts';

export interface ImageRequest {
  runtime: ContainerRuntime;
  program: string;
  image: Image;
  instanceId: string;
  /** Of the instance, on the cluster; has `pull.sh` when the image must be made. */
  directory: string;
}

const DAYS_KEPT = 30;

/** What is in the cache of an image: a file to run from, or only the note that Docker's own store has it. */
const keptFile = ({ runtime, image }: Pick<ImageRequest, 'runtime' | 'image'>): string =>
  runtime === 'docker' && image.kind === 'registry' ? 'image.name' : imageFile(runtime);

/** False for a file that the runtime runs as it is. */
export const mustBeMade = ({ runtime, image }: Pick<ImageRequest, 'runtime' | 'image'>): boolean =>
  image.kind === 'registry' || (image.kind === 'archive' && runtime === 'apptainer');

const folder = ({ runtime, image }: Pick<ImageRequest, 'runtime' | 'image'>): string =>
  `"$HOME"/.tunel/cache/images/${cacheKey(runtime, image)}`;

/**
 * `pull.sh`: makes the image in its folder of the cache on the login node, in a session of its own, so that a lost
 * connection does not end it. The folder holds, besides the image: `lock` (a link to `<node> <pid>`, made at once with its
 * owner), `log`, `beat` (KiB so far, renewed each second), `failed` (exit code) and `wanted-<id>` of each launch that waits;
 * when none waits any more it stops by itself.
 * `prologue`: the lines that make modules available, in `TUNEL_DIR` of the instance.
 */
export function pullFile(request: ImageRequest, prologue: string): string {
  return `#!/bin/sh
# Fetches the image of an app into the user's own cache.
TUNEL_DIR=${quote(request.directory)}
TUNEL_NODE=$(hostname 2>/dev/null || uname -n)
${storeFunctions}
${lifePart}
${sifPart}
fetch() {
${prologue}
program=$(${request.runtime === 'apptainer' ? 'command -v apptainer || command -v singularity' : `command -v ${request.runtime}`}) || program=${quote(request.program)}
use_scratch "$scratch" || return 1
printf '%s\n' "$state/tmp" >"$folder/where"
${fetchLines(request)}
}
${mainPart(request)}
main "$@"
`;
}

const lifePart = `size() { du -sk "$work" "$scratch" "$(cat where 2>/dev/null || echo "$work")" 2>/dev/null | awk '{ n += $1 } END { print n + 0 }'; }
beat() {
  while sleep 1; do
    size >beat.new && mv -f beat.new beat
    set -- wanted-*
    [ -e "$1" ] || { kill -TERM "$$"; return; }
  done
}
leave() {
  kill "$beat" 2>/dev/null
  rm -rf "$work"
  drop_scratch "$scratch"
  rm -f scratch where beat beat.new lock
}
stop() {
  trap '' TERM INT HUP
  kill -TERM 0
  tries=0
  while kill -0 "$job" 2>/dev/null && [ "$tries" -lt 30 ]; do tries=$((tries + 1)); sleep 0.1; done
  kill -KILL "$job" 2>/dev/null
  leave
  exit 143
}`;

const sifPart = `# sif SOURCE OPTION...: the usual compression takes most of the time of making an image, and saves a tenth of its size.
sif() {
  source=$1
  shift
  if "$program" build --help 2>/dev/null | grep -q -e --mksquashfs-args; then
    set -- --mksquashfs-args '-comp gzip -Xcompression-level 1' "$@"
  fi
  "$program" build "$@" "$work/image.sif" "$source"
}`;

function mainPart(request: ImageRequest): string {
  const file = keptFile(request);
  return `main() {
  umask 077
  cd ${folder(request)} || exit 1
  ln -s "$(uname -n) $$" lock 2>/dev/null || exit 0
  if [ -e ${file} ]; then rm -f lock; exit 0; fi
  folder=$PWD
  rm -rf failed work.*
  : >beat
  # Of one that was killed here.
  old=$(cat scratch 2>/dev/null)
  [ "\${old%% *}" != "$(uname -n)" ] || drop_scratch "\${old#* }"
  for other in ../*/; do
    [ -n "$(find "$other/used" -mtime +${DAYS_KEPT} 2>/dev/null)" ] && [ ! -L "$other/lock" ] && rm -rf "$other"
  done
  make_scratch && printf '%s %s\\n' "$(uname -n)" "$scratch" >scratch && work=$(mktemp -d "$PWD/work.XXXXXX") || {
    printf 'There is no room for temporary files in %s.\\n' "\${TMPDIR:-/tmp}" >log
    echo 1 >failed
    rm -f lock
    exit 1
  }
  beat & beat=$!
  job=
  trap stop TERM INT HUP
  ( fetch ) >log 2>&1 </dev/null &
  job=$!
  wait "$job"
  code=$?
  if [ "$code" = 0 ] && [ -e "$work/${file}" ]; then
    printf '%s\\n' ${quote(imageText(request.image))} >name
    [ ! -e source.new ] || mv -f source.new source
    mv -f "$work/${file}" ${file}
  else
    printf '%s\\n' "$code" >failed
  fi
  rm -f wanted-*
  leave
}`;
}

function fetchLines({ runtime, image }: ImageRequest): string {
  if (image.kind !== 'registry') {
    const source = quote(image.path);
    return `format=oci-archive
if tar -tf ${source} | grep -qx '\\(\\./\\)\\{0,1\\}manifest\\.json'; then format=docker-archive; fi
sif "$format:"${source}`;
  }
  const name = quote(image.name);
  const plain = isLoopbackRegistry(image);
  if (runtime === 'apptainer') {
    return image.scheme === 'docker'
      ? `sif docker://${name}${plain ? ' --no-https' : ''}`
      : `"$program" pull "$work/image.sif" ${image.scheme}://${name}`;
  }
  if (runtime === 'docker') return `"$program" pull ${name} && : >"$work/image.name"`;
  return `private_podman pull ${plain ? '--tls-verify=false ' : ''}${name} && private_podman save --format oci-archive -o "$work/image.tar" ${name}`;
}

/**
 * One look at an image that must be made; `begin` also starts making it where nobody does. Sections: `done`; `making`
 * (KiB so far, then the tool's last line); `failed` (its code, then its log); `source` (the archive cannot be read);
 * `folder` (the cache cannot be written); `idle`.
 */
export function lookScript(request: ImageRequest, how: 'begin' | 'look'): string {
  const file = keptFile(request);
  const { image, instanceId, directory } = request;
  const archive = image.kind === 'archive' ? quote(image.path) : null;
  const linked = file === 'image.name' ? '' : `${quote(directory)}/${imageFile(request.runtime)}`;
  return `umask 077
d=${folder(request)}
finish() {
  [ -e "$d/${file}" ] || return 1
  : >"$d/used"
  rm -f "$d/wanted-${instanceId}"
${linked === '' ? '' : `  rm -f ${linked}; ln "$d/${file}" ${linked} 2>/dev/null || output=$(ln -s "$d/${file}" ${linked} 2>&1) || { emit folder 1 "$output"; return 0; }\n`}  emit done 0 ''
}
made_by() {
  owner=$(readlink "$d/lock") || return 1
  [ "\${owner% *}" != "$(uname -n)" ] || kill -0 "\${owner##* }" 2>/dev/null || return 1
  [ -z "$(find "$d/beat" -prune -mmin +2 2>/dev/null)" ]
}
report() {
  finish && return 0
  if made_by; then
    emit making 0 "$(cat "$d/beat" 2>/dev/null)
$(tail -c 600 "$d/log" 2>/dev/null | tr '\\r' '\\n' | grep . | tail -n 1)"
  elif [ -e "$d/failed" ]; then
    emit failed "$(cat "$d/failed")" "$(tail -c 4000 "$d/log" 2>/dev/null | tr '\\r' '\\n')"
  else emit idle 0 ''; fi
}
${
  how === 'look'
    ? 'report'
    : `output=$(mkdir -p "$d" 2>&1 && chmod 700 "$HOME/.tunel" "$HOME/.tunel/cache" "$HOME/.tunel/cache/images" "$d" 2>&1 && : 2>&1 >"$d/wanted-${instanceId}") || { emit folder 1 "$output"; return 0; }
${
  archive === null
    ? ''
    : `[ -r ${archive} ] || { emit source 1 ''; return 0; }
ls -lnL ${archive} | awk '{ print $5, $6, $7, $8 }' >"$d/source.new"
if ! made_by && ! cmp -s "$d/source" "$d/source.new"; then rm -f "$d/${file}"; fi
`
}finish && return 0
if ! made_by; then
  # The lock of one that is gone; put back when it turns out to be a newer one.
  if [ -L "$d/lock" ] && mv "$d/lock" "$d/lock.$$"; then
    if [ "$(readlink "$d/lock.$$")" = "$owner" ]; then rm -f "$d/lock.$$"; else mv "$d/lock.$$" "$d/lock"; fi
  fi
  rm -f "$d/failed"
  if command -v bash >/dev/null 2>&1; then shell=bash; else shell=sh; fi
  setsid "$shell" ${quote(directory)}/pull.sh </dev/null >/dev/null 2>&1 &
  tries=0
  while ! [ -L "$d/lock" ] && ! [ -e "$d/failed" ] && ! [ -e "$d/${file}" ] && [ "$tries" -lt 50 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
fi
report`
}`;
}

/** A launch waits no more; what is made only for it stops within a second or two. */
export const leaveScript = (request: ImageRequest): string => `rm -f ${folder(request)}/wanted-${request.instanceId}\n`;

/**
 * For a file that is run as it is. Section `missing` when the login node shows that it is not there: its folder is, the
 * file is not. Where jobs do not see the login node's files, the file goes with the job when it can be linked.
 */
export function fileScript({ runtime, image, directory }: ImageRequest, isSent: boolean, isHere: boolean): string {
  if (image.kind === 'registry') return '';
  const path = quote(image.path);
  const parent = quote(image.path.slice(0, image.path.lastIndexOf('/')) || '/');
  return `if [ ! -r ${path} ] && ${isHere ? ':' : `{ [ -e ${path} ] || [ -d ${parent} ]; }`}; then
  emit missing 1 "$(ls -ld ${path} 2>&1)"
  return 0
fi
${isSent ? `[ ! -f ${path} ] || ln -f ${path} ${quote(directory)}/${imageFile(runtime)} 2>/dev/null\n` : ''}return 0`;
}
