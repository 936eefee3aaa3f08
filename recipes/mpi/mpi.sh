#!/bin/bash
{% include "bash/tunel/words.sh" %}
{% include "bash/tunel/environment.sh" %}
{% include "bash/tunel/mpi.sh" %}
find_starter {{ tunel.quoted.starter }}

{% if args.program %}program=$(expand {{ tunel.quoted.program }})
there "$program" "program"
case $program in *.py) command=(python3 -u "$program") ;; *) command=("$program") ;; esac
{% else %}if python3 -c 'import mpi4py' 2>/dev/null; then
  command=(python3 -u "$TUNEL_DIR/files/example.py")
elif command -v mpicc >/dev/null; then
  mpicc -O2 -o "$TUNEL_DIR/example" "$TUNEL_DIR/files/example.c" || exit 1
  command=("$TUNEL_DIR/example")
else
  missing "The example needs mpi4py or mpicc, and there is neither on $(hostname)."
fi
{% endif %}
split {{ tunel.quoted.arguments or "''" }}
command+=("${words[@]}")
split {{ tunel.quoted.options or "''" }}
become_mpi {{ tunel.quoted.per_node }} "${command[@]}"
