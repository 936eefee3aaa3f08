#!/bin/bash
{% include "bash/tunel/words.sh" %}
{% include "bash/tunel/environment.sh" %}
wanted={{ tunel.quoted.interface or "auto" }}
find_jupyter() {
  case $wanted in
    lab) jupyter lab --version >/dev/null 2>&1 && echo lab ;;
    notebook) jupyter notebook --version >/dev/null 2>&1 && echo notebook ;;
    *) jupyter lab --version >/dev/null 2>&1 && echo lab || { jupyter notebook --version >/dev/null 2>&1 && echo notebook; } ;;
  esac
}
command -v jupyter >/dev/null || missing "jupyter: command not found on $(hostname)." \
  "Load a module that has it (often 'jupyter' or 'python'), or install it: python3 -m pip install --user jupyterlab"
interface=$(find_jupyter)
[ -n "$interface" ] || missing "jupyter is here, but the interface asked for is not." \
  "Install it: python3 -m pip install --user jupyterlab"
# A job may be given that of the login node, which is not on this one.
[ -d "${XDG_RUNTIME_DIR:-}" ] || unset XDG_RUNTIME_DIR
# The token is read by the server itself: neither the command line nor the environment shows it.
exec jupyter "$interface" --no-browser --config "$TUNEL_DIR/files/jupyter_config.py"
