# Sourced by bash (BASH_ENV) and by the commands in bin: only what this launch started may be seen and ended.
own() {
  case $1 in '' | *[!0-9]*) return 1 ;; esac
  # The shell itself complains of a process of somebody else, so that the whole group is silenced.
  { tr '\0' '\n' <"/proc/$1/environ" | grep -qx "TUNEL_APP=$TUNEL_APP"; } 2>/dev/null
}
owned() {
  for pid in "$@"; do if own "$pid"; then echo "$pid"; fi; done
}
# The command of this name that these stand in front of.
real() {
  here=$TUNEL_DIR/files/rescale/bin
  old=$IFS
  IFS=:
  for folder in $PATH; do
    if [ "$folder" != "$here" ] && [ -x "$folder/$1" ]; then IFS=$old; echo "$folder/$1"; return 0; fi
  done
  IFS=$old
  return 1
}
