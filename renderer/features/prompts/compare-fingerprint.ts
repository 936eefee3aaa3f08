/** Compares a shown SHA256 fingerprint with a pasted one; `partial` while the pasted one is shorter but right so far. */
export function compareFingerprint(shown: string, pasted: string): 'empty' | 'partial' | 'same' | 'differs' {
  const bare = (text: string) =>
    text
      .trim()
      .replace(/^.*?SHA256:/i, '')
      .replace(/=+$/, '')
      .split(/\s/)[0] ?? '';
  const given = bare(pasted);
  if (given === '' || 'sha256:'.startsWith(given.toLowerCase())) return 'empty';
  const wanted = bare(shown);
  if (given === wanted) return 'same';
  return wanted.startsWith(given) ? 'partial' : 'differs';
}
