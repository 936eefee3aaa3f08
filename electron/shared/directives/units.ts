const powers = { '': 0, k: 1, m: 2, g: 3, t: 4 } as const;

/** `4G`, `1.5gb`, `512` -> MiB, rounded up; null: no amount, or 0. `unit`: of a number without a letter. */
export function readMemory(text: string, unit: keyof typeof powers): number | null {
  const bytes = readBytes(text, unit);
  return bytes === null ? null : Math.ceil(bytes / 1024 ** 2) || null;
}

export function readBytes(text: string, unit: keyof typeof powers): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(text.trim());
  if (!match) return null;
  const letter = (match[2]?.toLowerCase() || (/b$/i.test(text) ? '' : unit)) as keyof typeof powers;
  return Number(match[1]) * 1024 ** powers[letter];
}

/** sbatch counts in megabytes without a letter; 0 is the node's whole memory, which is left to the site. */
export const mebibytes = (text: string): number | null => readMemory(text, 'm');

/** `gigabytes`, `megabytes`: how the scheduler writes them. */
export const printMemory = (memory: number, megabytes: string, gigabytes: string): string =>
  memory % 1024 === 0 ? `${memory / 1024}${gigabytes}` : `${memory}${megabytes}`;

/** An equal part for each core. What does not divide is given in kibibytes, so that `readShare` finds the same sum. */
export function printShare(memory: number, cores: number, [kilobytes, megabytes, gigabytes]: [string, string, string]) {
  if (memory % cores === 0) return printMemory(memory / cores, megabytes, gigabytes);
  return `${Math.ceil((memory * 1024) / cores)}${kilobytes}`;
}

export function readShare(text: string, cores: number, unit: keyof typeof powers): number | null {
  const bytes = readBytes(text, unit);
  return bytes === null ? null : Math.floor((bytes * cores) / 1024 ** 2) || null;
}

/** Slurm's `minutes`, `minutes:seconds`, `hours:minutes:seconds`, `days-hours[:minutes[:seconds]]`, rounded up. */
export function minutes(text: string): number | null {
  const match = /^(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?$/.exec(text.trim());
  if (!match) return null;
  const [a, b, c] = match.slice(2).map((part) => Number(part ?? 0)) as [number, number, number];
  const seconds =
    match[1] !== undefined
      ? Number(match[1]) * 86_400 + a * 3600 + b * 60 + c
      : match[4] !== undefined
        ? a * 3600 + b * 60 + c
        : a * 60 + b;
  return Math.ceil(seconds / 60) || null;
}

/** `[[hours:]minutes:]seconds` of PBS and Grid Engine -> minutes, rounded up. */
export function minutesOfClock(text: string): number | null {
  if (!/^\d+(:\d+){0,2}$/.test(text.trim())) return null;
  const seconds = text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.ceil(seconds / 60) || null;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `08:00:00`; more than 99 hours as they are. */
export const printClock = (time: number): string => `${two(Math.floor(time / 60))}:${two(time % 60)}:00`;

/** As Slurm prints it: `2-04:00:00`. */
export const printSlurmTime = (time: number): string =>
  time < 1440 ? printClock(time) : `${Math.floor(time / 1440)}-${printClock(time % 1440)}`;

export const readCount = (text: string): number | null => (/^\d+$/.test(text.trim()) ? Number(text) : null);
