#!/bin/bash
find_jupyter() {
  case {{ tunel.quoted.interface or "auto" }} in
    lab) jupyter lab --version >/dev/null 2>&1 && echo lab ;;
    notebook) jupyter notebook --version >/dev/null 2>&1 && echo notebook ;;
    *) jupyter lab --version >/dev/null 2>&1 && echo lab || { jupyter notebook --version >/dev/null 2>&1 && echo notebook; } ;;
  esac
}
if ! command -v jupyter >/dev/null; then
  echo "jupyter: command not found on $(hostname)." >&2
  echo "Load a module that has it (often 'jupyter' or 'python'), or install it: python3 -m pip install --user jupyterlab" >&2
  exit 127
fi
interface=$(find_jupyter)
if [ -z "$interface" ]; then
  echo "jupyter is here, but the interface asked for is not. Install it: python3 -m pip install --user jupyterlab" >&2
  exit 127
fi
# The token is read by the server itself: neither the command line nor the environment shows it.
exec jupyter "$interface" --no-browser --config "$TUNEL_DIR/files/jupyter_config.py"
