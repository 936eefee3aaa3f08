# A place for packages of the user's own{% if modules %}, apart for these modules{% endif %}.
{% if modules %}PYTHONUSERBASE="$HOME/.local/{{ modules | join("-") | replace("/", "-") }}"
export PYTHONUSERBASE{% else %}PYTHONUSERBASE="${PYTHONUSERBASE:-$HOME/.local}"{% endif %}
mkdir -p "$HOME/.local" "$PYTHONUSERBASE/bin"
PATH="$PYTHONUSERBASE/bin:$PATH"
export PATH
