export type CompletedShell = 'bash' | 'zsh' | 'fish';

/** bash splits words at = and :, which bash-completion, where it is installed, undoes. */
const bash = `# Completes tunel in bash.
_tunel() {
  local words cword line value
  if declare -F _get_comp_words_by_ref >/dev/null; then
    _get_comp_words_by_ref -n =: -w words -i cword
  else
    words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD
  fi
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = :files ]; then
      compopt -o default
    else
      printf -v value %q "\${line%%$'\\t'*}"
      COMPREPLY+=("$value")
    fi
  done < <(tunel complete -- "\${words[@]:1:cword}" 2>/dev/null)
  if declare -F __ltrim_colon_completions >/dev/null; then
    __ltrim_colon_completions "\${words[cword]}"
  fi
}
complete -F _tunel tunel
`;

/** Works as a file of fpath and by `source <(...)`. */
const zsh = `#compdef tunel
_tunel() {
  local -a choices
  local line files=
  for line in "\${(@f)$(tunel complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == :files ]]; then
      files=1
    elif [[ -n $line ]]; then
      choices+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done
  (( $#choices )) && _describe -t values tunel choices
  [[ -n $files ]] && _files
}
if [ "$funcstack[1]" = _tunel ]; then
  _tunel "$@"
else
  compdef _tunel tunel
fi
`;

/** fish reads what is after a tab as the description. */
const fish = `# Completes tunel in fish.
function __tunel_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in (tunel complete -- $words[2..-1] 2>/dev/null)
    if test "$line" = :files
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c tunel -f -a '(__tunel_complete)'
`;

/** The script that makes a shell ask `tunel complete -- WORDS`. */
export const completionScripts: Readonly<Record<CompletedShell, string>> = { bash, zsh, fish };
