/** Of the conditions of `condor_q -better-analyze`: what the user asked for, as they would say it. */
const asked: readonly (readonly [RegExp, (number: string) => string, RegExp])[] = [
  [/TARGET\.Memory >= RequestMemory/i, (n) => `${n} MiB of memory`, /RequestMemory = (\d+)/],
  [/TARGET\.Cpus >= RequestCpus/i, (n) => `${n} cores`, /RequestCpus = (\d+)/],
  [/TARGET\.GPUs >= RequestGPUs/i, (n) => `${n} GPUs`, /RequestGPUs = (\d+)/],
  [/TARGET\.Disk >= RequestDisk/i, (n) => `${n} KiB of disk`, /RequestDisk = (\d+)/],
];

/**
 * What `condor_q -better-analyze` says of one job that waits: why no machine of the pool can ever run it; null:
 * some can, when they are free. It looks at whole machines, so a full one is not taken for a small one.
 */
export function neverMatches(text: string): string | null {
  const total = /Of (\d+) machines/.exec(text)?.[1];
  const rejected = /\b(\d+) are rejected by your job's requirements/.exec(text)?.[1];
  if (total === undefined || total === '0' || rejected !== total) return null;
  const conditions = [...text.matchAll(/^\[\d+\]\s+0\s+(.+)$/gm)].map((match) => match[1]?.trim() ?? '');
  const requests = conditions.map((condition) => {
    const known = asked.find(([pattern]) => pattern.test(condition));
    const number = known ? known[2].exec(text)?.[1] : undefined;
    return known && number !== undefined ? known[1](number) : condition;
  });
  const machines = total === '1' ? 'the one machine of this pool' : `none of the ${total} machines of this pool`;
  const all = [...new Set(requests)].slice(0, 4).join(', ');
  return total === '1'
    ? `${machines} does not give what it asks for${all ? ` (${all})` : ''}, so it cannot start as the pool is now: stop it and ask for less`
    : `${machines} gives what it asks for${all ? ` (${all})` : ''}, so it cannot start as the pool is now: stop it and ask for less`;
}
