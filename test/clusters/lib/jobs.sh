# shellcheck shell=bash
# Jobs that need one another: each runs in the background as soon as what it needs is done. One loop waits for all of
# them without polling: a job writes its end into a pipe (file descriptor 7).

JOBS=()
JOBS_FAILED=0
declare -A JOB_NEEDS JOB_COMMAND JOB_STATE JOB_PID

# plan JOB "NEED..." FUNCTION ARGUMENT : a need that was not planned counts as done. Plan a job after those it needs.
plan() {
  JOBS+=("$1")
  JOB_NEEDS[$1]=$2
  JOB_COMMAND[$1]="$3 $4"
  JOB_STATE[$1]=waiting
}

job_start() {
  JOB_STATE[$1]=running
  (
    # shellcheck disable=SC2064 # the name of now
    trap "echo '$1' \$? >&7" EXIT
    ${JOB_COMMAND[$1]}
  ) &
  JOB_PID[$1]=$!
}

# job_end JOB STATUS
job_end() {
  JOB_STATE[$1]=done
  [ "$2" = 0 ] && return
  JOB_STATE[$1]=failed
  JOBS_FAILED=$((JOBS_FAILED + 1))
}

# Starts what can start, and gives up what needs a job that failed.
jobs_advance() {
  local job need state
  for job in "${JOBS[@]}"; do
    [ "${JOB_STATE[$job]}" = waiting ] || continue
    state=ready
    for need in ${JOB_NEEDS[$job]}; do
      case ${JOB_STATE[$need]:-done} in
        done) ;;
        failed)
          say "$job was not begun, as $need failed"
          job_end "$job" 1
          continue 2
          ;;
        *) state=waiting ;;
      esac
    done
    [ "$state" = waiting ] || job_start "$job"
  done
}

jobs_running() {
  local job
  for job in "${JOBS[@]}"; do
    [ "${JOB_STATE[$job]}" != running ] || return 0
  done
  return 1
}

# A job that was killed outright has written nothing.
jobs_notice_killed() {
  local job
  for job in "${JOBS[@]}"; do
    [ "${JOB_STATE[$job]}" = running ] || continue
    kill -0 "${JOB_PID[$job]}" 2>/dev/null || job_end "$job" 137
  done
}

# Runs all that is planned; JOBS_FAILED says how many did not succeed. Its own status says nothing: where a caller looked at
# it, bash would let no job end at its first failed command.
run_jobs() {
  local pipe job status
  pipe=$(mktemp -u)
  mkfifo "$pipe"
  exec 7<>"$pipe"
  rm "$pipe"
  jobs_advance
  while jobs_running; do
    if read -r -t 60 job status <&7; then job_end "$job" "$status"; else jobs_notice_killed; fi
    jobs_advance
  done
  exec 7>&-
}
