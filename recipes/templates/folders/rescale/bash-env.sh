. "$TUNEL_DIR/files/rescale/own.sh"
kill() {
  local word words=() pids=0
  for word in "$@"; do
    case $word in
      -l | -L) builtin kill "$@"; return ;;
      %* | -[A-Za-z0-9]* | --) words+=("$word") ;;
      *[!0-9]*) words+=("$word") ;;
      *) if own "$word"; then words+=("$word"); pids=1; else echo "Tunel: process $word is not of this app and goes on" >&2; fi ;;
    esac
    [ "${word#%}" = "$word" ] || pids=1
  done
  [ "$pids" = 1 ] || return 1
  builtin kill "${words[@]}"
}
