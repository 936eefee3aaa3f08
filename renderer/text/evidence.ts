/** Parts of an evidence one below the other; what another part contains is not repeated. */
export function joinEvidence(...parts: readonly (string | undefined)[]): string {
  const texts = [...new Set(parts.map((part) => part?.trim() ?? '').filter((text) => text !== ''))];
  return texts.filter((text) => !texts.some((other) => other !== text && other.includes(text))).join('\n\n');
}
