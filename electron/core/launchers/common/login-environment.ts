/**
 * A non-login shell often lacks what the site's profile sets. Shell text: unless `test` holds, `variables` and `PATH` are taken
 * from the user's login shell, those that are set there.
 */
export function takeFromLogin(test: string, variables: readonly string[]): string {
  const names = [...variables, 'PATH'];
  return `if ! { ${test}; }; then
  login='printf "${names.map(() => '\\n@@%s').join('')}\\n" ${names.map((name) => `"$${name}"`).join(' ')}'
  output=$(bash -lc "$login" 2>/dev/null </dev/null || sh -lc "$login" 2>/dev/null </dev/null)
  output=$(printf '%s\\n' "$output" | sed -n 's/^@@//p' | tail -n ${names.length})
  profile() { printf '%s\\n' "$output" | sed -n "$1p"; }
${names.map((name, index) => `  [ -z "$(profile ${index + 1})" ] || { ${name}=$(profile ${index + 1}); export ${name}; }`).join('\n')}
fi`;
}
