#!/bin/bash
{% include "bash/tunel/r.sh" %}
Rscript -e 'quit(status = !requireNamespace("shiny", quietly = TRUE))' >/dev/null ||
  missing "R on $(hostname) has no package shiny." "Load a module that has it, or install it in R: install.packages('shiny')"
TUNEL_APP=$(expand {{ tunel.quoted.app or '"$TUNEL_DIR/files/example.R"' }})
there "$TUNEL_APP" "Shiny app"
export TUNEL_APP
exec Rscript "$TUNEL_DIR/files/serve.R"
