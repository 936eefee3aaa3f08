import type { Transfer } from '../common/launcher.ts';
import { TASK, TIME_GRACE } from './submit-file.ts';

/** A line of the log that stands for a file of the instance's directory, where condor_chirp is not to be had. */
export const LOG_MARK = '@@tunel-file';

/**
 * A job has a scratch directory on its machine, which the submit node does not see. `publish`: condor_chirp, which is not
 * in the PATH, writes through the shadow of the job; without it a line of the streamed log says the same, which `poll`
 * makes into the file. A reader skips an empty file, and one write carries such a short line whole.
 *
 * `prepare`: one stream for both outputs, as two streamed into one file overwrite each other; and an end shortly before
 * HTCondor's own, since from a job that HTCondor ends nothing comes back. One of several jobs, whose number is
 * `TUNEL_TASK`, reports to a directory of its own.
 */
export const transfer: Transfer = {
  directory: '"$_CONDOR_SCRATCH_DIR"',
  prepare: `exec 2>&1
chmod 700 run.sh
TUNEL_TASK=$(sed -n 's/^TunelTask = \\([0-9]*\\)$/\\1/p' "\${_CONDOR_JOB_AD:-.job.ad}" 2>/dev/null)
export TUNEL_TASK
[ -z "$TUNEL_TASK" ] || TUNEL_SUBMIT_DIR=$TUNEL_SUBMIT_DIR/${TASK}$TUNEL_TASK
chirp=
for directory in "$(condor_config_val LIBEXEC 2>/dev/null)" "\${_CONDOR_BIN:-/usr/bin}/../libexec/condor" \\
  "\${_CONDOR_BIN:-/usr/bin}/../libexec" /usr/libexec/condor /usr/lib/condor/libexec; do
  [ -x "$directory/condor_chirp" ] || continue
  chirp=$directory/condor_chirp
  break
done
[ -n "$chirp" ] || chirp=$(command -v condor_chirp)
limit=$(sed -n 's/^AllowedJobDuration = \\([0-9]*\\)$/\\1/p' "\${_CONDOR_JOB_AD:-.job.ad}" 2>/dev/null)
begun=$(sed -n 's/^JobCurrentStartDate = \\([0-9]*\\)$/\\1/p' "\${_CONDOR_JOB_AD:-.job.ad}" 2>/dev/null)
if [ -n "$limit" ]; then
  left=$(( \${begun:-$(date +%s)} + limit - ${TIME_GRACE} - $(date +%s) ))
  [ "$left" -gt 0 ] || left=0
  (
    # Its sleep must not outlive it.
    trap 'kill "$nap"; exit' TERM
    sleep "$left" &
    nap=$!
    wait "$nap"
    printf 'Tunel: the time that was asked for is over\\n'
    printf 'time-limit %s\\n' "$(((limit - ${TIME_GRACE}) / 60))" >"$TUNEL_DIR/problem"
    kill -TERM $$
  ) </dev/null 2>/dev/null &
  watches="$watches $!"
fi`,
  publish: `[ -n "$chirp" ] && "$chirp" put -perm 600 "$TUNEL_DIR/$1" "$TUNEL_SUBMIT_DIR/$1" 2>/dev/null ||
    printf '\\n${LOG_MARK} %s %s\\n' "$1" "$(cat "$TUNEL_DIR/$1")"`,
};
