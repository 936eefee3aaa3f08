#!/bin/sh
command -v python3 >/dev/null || {
  echo "This recipe needs python3, and there is none on $(hostname). Load a module that has it." >&2
  exit 127
}
shell={{ tunel.quoted.shell or "''" }}
[ -z "$shell" ] || command -v "$shell" >/dev/null || {
  echo "$shell: command not found on $(hostname). Load a module that has it, or leave the shell empty for your own." >&2
  exit 127
}
exec python3 "$TUNEL_DIR/files/terminal.py" --socket "$TUNEL_SOCKET" --shell "$shell"
