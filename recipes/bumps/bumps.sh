#!/bin/bash
{% include "bash/tunel/words.sh" %}
{% include "bash/tunel/environment.sh" %}
{% if args.parallel == "mpi" %}{% include "bash/tunel/mpi.sh" %}
find_starter auto
{% endif %}
install="Load a module or choose an environment that has it, or install it: python3 -m pip install --user bumps"
command -v bumps >/dev/null || missing "bumps: command not found on $(hostname)." "$install"
bumps --help 2>/dev/null | grep -q -e --session || missing "bumps on $(hostname) is older than 1.0." "$install"

model=$(expand {{ tunel.quoted.model or '"$TUNEL_DIR/files/example.py"' }})
there "$model" "model"
if [ -d "$model" ]; then
  if [ -f "$model/model.py" ]; then set -- "$model/model.py"; else set -- "$model"/*.py; fi
  if [ "$#" -ne 1 ] || [ ! -f "$1" ]; then
    echo "There is not one model in $model: name its file, or call it model.py." >&2
    exit 2
  fi
  model=$1
fi

options=(--batch --session=run.h5 --export=out --checkpoint=300 --parallel=0 "--fit="{{ tunel.quoted.fit }})
{% if args.steps and args.steps|int > 0 %}options+=("--steps="{{ tunel.quoted.steps }})
{% endif %}{% if args.fit == "dream" %}options+=("--burn="{{ tunel.quoted.burn }} "--samples="{{ tunel.quoted.samples }})
{% endif %}{% if args.fit in ["dream", "de"] %}options+=("--pop="{{ tunel.quoted.population }})
{% endif %}{% if args.seed and args.seed|int > 0 %}options+=("--seed="{{ tunel.quoted.seed }})
{% endif %}
# Before the scheduler ends the job there must be time to save the session and draw the plots.
if [ -n "${TUNEL_MINUTES:-}" ]; then
  options+=("--time=$(LC_ALL=C awk -v all="$TUNEL_MINUTES" 'BEGIN {
    spare = all / 10 < 5 ? 5 : all / 10
    if (spare > all / 3) spare = all / 3
    printf "%.4f", (all - spare) / 60
  }')")
fi
# A session that is there is that of a fit which stopped: a job that continues it, or one that was requeued.
[ ! -s run.h5 ] || options+=(--resume)
# The plots are drawn without a display.
export MPLBACKEND=Agg PYTHONUNBUFFERED=1
split {{ tunel.quoted.arguments or "''" }}
command=(bumps "$model" "${options[@]}" "${words[@]}")
printf '# %s\n' "${command[*]}" | tee -a run.mon
{% if args.parallel == "mpi" %}words=()
become_mpi {{ tunel.quoted.per_node }} "${command[@]}" --mpi 2>&1 | tee -a run.mon
{% else %}"${command[@]}" 2>&1 | tee -a run.mon
{% endif %}exit "${PIPESTATUS[0]}"
