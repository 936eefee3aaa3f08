#!/bin/bash
{% include "bash/tunel/words.sh" %}
{% include "bash/tunel/environment.sh" %}
program=$(expand {{ tunel.quoted.program or '"$TUNEL_DIR/files/example.sh"' }})
there "$program" "program"
case $program in
  *.py) command=(python3 -u "$program") ;;
  *.R | *.r) command=(Rscript "$program") ;;
  *.sh) command=(bash "$program") ;;
  *) command=("$program") ;;
esac
split {{ tunel.quoted.arguments or "''" }}
{% if args.inputs %}inputs=$(expand {{ tunel.quoted.inputs }})
there "$inputs" "list of inputs"
total=$(awk 'END { print NR }' "$inputs")
input_of() { sed -n "$1p" "$inputs"; }
{% else %}total={{ tunel.quoted.count }}
input_of() { echo "$1"; }
{% endif %}
# run NUMBER: one task; what it prints is in task-NUMBER.txt.
run() {
  local code=0 input
  input=$(input_of "$1")
  TUNEL_TASK=$1 TUNEL_INPUT=$input "${command[@]}" "${words[@]}" "$input" >"task-$1.txt" 2>&1 || code=$?
  if [ "$code" = 0 ]; then
    echo "Task $1 is done: $input"
  else
    echo "Task $1 failed with exit code $code: $input" >&2
    tail -n 5 "task-$1.txt" >&2
  fi
  return "$code"
}
# Each scheduler has a name of its own for the number of a task; Grid Engine says undefined where there is no array.
task=${SLURM_ARRAY_TASK_ID:-${SGE_TASK_ID:-${PBS_ARRAY_INDEX:-${PBS_ARRAYID:-${LSB_JOBINDEX:-}}}}}
case $task in "" | 0 | undefined) task= ;; esac
[ "${SLURM_ARRAY_TASK_ID:-}" != 0 ] || { echo "Tasks begin with 1, as the lines of a list do." >&2; exit 2; }
if [ -n "$task" ]; then
  [ "$task" -le "$total" ] || { echo "There is no input $task: the list ends with $total." >&2; exit 2; }
  run "$task"
  exit
fi
failed=0
running=()
for ((number = 1; number <= total; number++)); do
  run "$number" &
  running+=($!)
  if [ "$((number % {{ tunel.quoted.at_once }}))" = 0 ] || [ "$number" = "$total" ]; then
    for one in "${running[@]}"; do
      wait "$one" || failed=$((failed + 1))
    done
    running=()
  fi
done
echo "$((total - failed)) of $total tasks are done."
[ "$failed" = 0 ]
