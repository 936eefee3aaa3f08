/** `1 GPU`, `2 GPUs`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${value} ${value === 1 ? one : many}`;
}

/** A duration in its two largest units: `45 min`, `24 h`, `1 h 30 min`, `2 d 4 h`. */
export function formatMinutes(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  if (minutes > 1440) return joinUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
  return joinUnits(hours, 'h', minutes % 60, 'min');
}

function joinUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const parts = [large > 0 && `${large} ${largeUnit}`, (small > 0 || large === 0) && `${small} ${smallUnit}`];
  return parts.filter(Boolean).join(' ');
}

/** Memory in MiB as people read it: `512 MB`, `1.5 GB`. */
export const formatMemory = (mebibytes: number): string =>
  mebibytes < 1024 ? `${mebibytes} MB` : `${(mebibytes / 1024).toFixed(1).replace(/\.0$/, '')} GB`;

/** MiB in the GB of the launch form, which are powers of two as schedulers count them. */
export const toGigabytes = (mebibytes: number): number => Math.round((mebibytes / 1024) * 100) / 100;

/** The shortest number of GB that is exactly so many MiB again: a limit that is rounded up would be refused. */
export function exactGigabytes(mebibytes: number): number {
  const rounded = (digits: number) => Math.round((mebibytes / 1024) * 10 ** digits) / 10 ** digits;
  return [0, 1, 2, 3].map(rounded).find((shown) => Math.round(shown * 1024) === mebibytes) ?? rounded(4);
}

/** A limit in GB, rounded down so that what is shown is accepted. */
export const toGigabytesBelow = (mebibytes: number): number => Math.floor((mebibytes / 1024) * 10) / 10;

/** `a`, `a or b`, `a, b or c`. */
export function alternatives(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
