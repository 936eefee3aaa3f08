#!/bin/sh
command -v python3 >/dev/null || {
  echo "This recipe needs python3, and there is none on $(hostname). Load a module that has it." >&2
  exit 127
}
folder={{ tunel.quoted.folder or "''" }}
exec python3 "$TUNEL_DIR/files/files.py" --socket "$TUNEL_SOCKET" --token-file "$TUNEL_TOKEN_FILE" \
  --root "${folder:-$PWD}" --read-only {{ tunel.quoted.readonly or "false" }}
