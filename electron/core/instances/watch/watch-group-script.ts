/** A line of more bytes could be mixed with another process's: a pipe takes so many at once, and bash's buffer is as small. */
const MOST_BYTES = 800;

/**
 * Shell text for bash, after the program's functions: a process for each group of directories does the looking, so that a
 * file system that hangs delays only what is on it. This one reads the requests and touches no file itself: `to GROUP N` gives
 * N lines to the process of a group, which begins with the first of them; after `to GROUP PID START N` it begins anew, unless
 * that process lives; `ask` as ever. A line of a group begins with its name and `:`, or `+` where the next one continues it.
 */
export const groupProgram = `tell() {
  rest=$1
  while [ "\${#rest}" -gt ${MOST_BYTES} ]; do
    printf '%s+%s\\n' "$group" "\${rest:0:${MOST_BYTES}}"
    rest=\${rest:${MOST_BYTES}}
  done
  printf '%s:%s\\n' "$group" "$rest"
}
emit() {
  printed=$("$@")
  while [ -n "$printed" ]; do
    tell "\${printed%%$'\\n'*}"
    case $printed in *$'\\n'*) printed=\${printed#*$'\\n'} ;; *) printed= ;; esac
  done
}
own_stat() {
  IFS= read -r stat <"/proc/$BASHPID/stat" || return 0
  fields=(\${stat##*\\) })
}
spent() {
  own_stat
  tell "tick $((fields[11] + fields[12] + fields[13] + fields[14]))"
}
leave_groups() { for other in $groups; do eval "exec {fd_$other}>&-"; done; }
look_on() {
  group=$1
  leave_groups
  own_stat
  tell "here $BASHPID \${fields[19]}"
  serve
}
give() {
  exec 9>&"$1"
  leave_groups
  printf 'list %s\\n%s' "$2" "$text" >&9
}
begin_group() {
  case " $groups " in *" $1 "*) eval "exec {fd_$1}>&-" ;; esac
  eval "exec {fd_$1}> >(look_on $1)"
  case " $groups " in *" $1 "*) ;; *) groups="$groups $1" ;; esac
}
to_group() {
  if [ -n "$3" ]; then
    process_lives "$3" "$4"
    if [ "$alive" = 1 ]; then group=$1 tell busy; return 0; fi
    begin_group "$1"
  fi
  case " $groups " in *" $1 "*) ;; *) begin_group "$1" ;; esac
  eval "fd=\\$fd_$1"
  give "$fd" "$2" &
}
groups= group=main
while IFS= read -r line; do
  set -- $line
  case $1 in
    ask) ask "$2" "$3" ;;
    to) block "\${!#}"; if [ "$#" -eq 5 ]; then to_group "$2" "$5" "$3" "$4"; else to_group "$2" "$3" '' ''; fi ;;
  esac
  spent
done
exit 0
`;
