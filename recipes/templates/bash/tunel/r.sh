{% include "bash/tunel/words.sh" %}
{% include "bash/tunel/environment.sh" %}
command -v Rscript >/dev/null || missing "Rscript: command not found on $(hostname)." \
  "Load a module that has R (often 'R' or 'r'), or choose a conda environment that has r-base."
