const unitMinutes: Readonly<Record<string, number>> = { d: 1440, h: 60, m: 1, min: 1 };

/** `8 h`, `1 h 30 min`, `2 d 4 h`, `90`, `1:30` (hours), `01:30:00`, `2-00:00:00` -> minutes, rounded up. Null: no duration. */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim().toLowerCase();
  if (/^\d+$/.test(trimmed)) return Number(trimmed) || null;
  const clock = /^(?:(\d+)-)?(\d+):(\d{1,2})(?::(\d{1,2}))?$/.exec(trimmed);
  if (clock) {
    const [days, hours, minutes, seconds] = clock.slice(1).map((part) => Number(part ?? 0)) as [
      number,
      number,
      number,
      number,
    ];
    return Math.ceil(days * 1440 + hours * 60 + minutes + seconds / 60) || null;
  }
  const parts = [...trimmed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)];
  const rest = trimmed.replace(/(\d+(?:\.\d+)?)\s*([a-z]+)/g, '').trim();
  if (parts.length === 0 || rest !== '') return null;
  const sum = parts.reduce((total, [, amount, word = '']) => {
    const known = unitMinutes[word] ?? unitMinutes[/^(d|h|min|m)/.exec(word)?.[1] ?? ''];
    return known === undefined ? Number.NaN : total + Number(amount) * known;
  }, 0);
  return Number.isNaN(sum) ? null : Math.ceil(sum) || null;
}
