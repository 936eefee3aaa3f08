/** `1 GPU`, `2 GPUs`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${value} ${value === 1 ? one : many}`;
}

/** A duration that a person asked for: `45 min`, `4 h`, `1 h 30 min`, `2 days`. */
export function formatMinutes(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  if (minutes % 1440 === 0 && minutes > 1440) return `${minutes / 1440} days`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** MiB in the GB of the launch form, which are powers of two as schedulers count them. */
export const toGigabytes = (mebibytes: number): number => Math.round((mebibytes / 1024) * 100) / 100;

/** A limit in GB, rounded down so that what is shown is accepted. */
export const toGigabytesBelow = (mebibytes: number): number => Math.floor((mebibytes / 1024) * 10) / 10;

/** `a`, `a or b`, `a, b or c`. */
export function alternatives(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
