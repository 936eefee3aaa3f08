#!/bin/sh
command -v python3 >/dev/null || {
  echo "This recipe needs python3, and there is none on $(hostname). Load a module that has it." >&2
  exit 127
}
exec python3 "$TUNEL_DIR/files/hello.py" --socket "$TUNEL_SOCKET" --token-file "$TUNEL_TOKEN_FILE" \
  --greeting {{ tunel.quoted.greeting or "''" }} --launcher {{ tunel.launcher }}
