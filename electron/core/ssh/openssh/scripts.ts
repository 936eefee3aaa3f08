/**
 * Puts a question of ssh to the app through two pipes beside this file, and prints the answer. Each part of the question is
 * in hexadecimal, for it may hold anything. Of the answer, lines that begin with `=` are printed; the last says whether it
 * is one.
 */
export const ASK_SCRIPT = `#!/bin/sh
umask 077
cd "\${0%/*}" || exit 1
answer=answer.$$
mkfifo "$answer" || exit 1
trap 'rm -f "$answer"' EXIT
exec 3<>"$answer"
question=$(for part in "$$" "$PPID" "$SSH_ASKPASS_PROMPT" "$@"; do
  printf %s "$part" | od -An -v -tx1 | tr -d ' \\n'
  printf ' '
done)
printf '%s\\n' "$question" >questions
while IFS= read -r line <&3; do
  case $line in
    =*) printf '%s\\n' "\${line#=}" ;;
    yes) exit 0 ;;
    *) exit 1 ;;
  esac
done
exit 1
`;

/**
 * Runs ssh in this process group, and ends the group when the app is gone without having ended it: its end of the standard
 * input is then closed. `$0` is the folder of the master.
 */
export const SUPERVISOR_SCRIPT = `exec 3<&0 </dev/null
"$@" 3<&- &
ssh=$!
{ read -r line <&3; rm -rf -- "$0"; kill -s TERM 0; } >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait "$ssh"
code=$?
kill "$watch" 2>/dev/null
exit "$code"
`;
