# missing WORDS...: says what is missing and how to get it, and ends as a command that was not found.
missing() {
  printf '%s\n' "$@" >&2
  exit 127
}
# expand PATH: with ~ as the home folder, and absolute.
expand() {
  case $1 in
    "~") printf '%s\n' "$HOME" ;;
    "~/"*) printf '%s/%s\n' "$HOME" "${1:2}" ;;
    /*) printf '%s\n' "$1" ;;
    *) printf '%s/%s\n' "$PWD" "$1" ;;
  esac
}
# split TEXT: the words of a command line into the array words; quotes and backslashes count, nothing is expanded.
split() {
  words=()
  case $1 in *[![:space:]]*) ;; *) return 0 ;; esac
  if ! printf '%s\n' "$1" | xargs printf '%s\n' >/dev/null; then
    echo "These arguments cannot be read: a quotation mark is not closed." >&2
    exit 2
  fi
  while IFS= read -r -d '' word; do
    words+=("$word")
  done < <(printf '%s\n' "$1" | xargs printf '%s\0')
}
# there FILE WHAT: ends when there is no such file or folder on this node.
there() {
  [ -e "$1" ] && return
  echo "There is no $2 $1 on $(hostname)." >&2
  exit 2
}
