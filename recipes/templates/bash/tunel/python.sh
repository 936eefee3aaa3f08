{% include "bash/tunel/words.sh" %}
{% include "bash/tunel/environment.sh" %}
# has MODULE INSTALL...: ends with words when python3 cannot import it; INSTALL are the packages that have it.
has() {
  command -v python3 >/dev/null || missing "python3: command not found on $(hostname)." "Load a module that has it."
  if ! problem=$(python3 -c 'import importlib.util as u, sys; sys.exit(u.find_spec(sys.argv[1]) is None)' "$1" 2>&1); then
    [ -z "$problem" ] || printf '%s\n' "$problem" >&2
    module=$1
    shift
    missing "python3 on $(hostname) has no $module." \
      "Load a module or choose an environment that has it, or install it: python3 -m pip install --user $*"
  fi
}
