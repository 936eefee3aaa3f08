/** Bytes as GB (powers of two, as schedulers and `df -h` count), one decimal, no `.0`. */
export function gb(bytes: number): string {
  return `${trim(bytes / 1024 ** 3)} GB`;
}

/** MiB as GB, or as MB below one GB. */
export function memory(mib: number): string {
  return mib < 1024 ? `${mib} MB` : `${trim(mib / 1024)} GB`;
}

export function count(value: number, one: string, many = `${one}s`): string {
  return `${value} ${value === 1 ? one : many}`;
}

function trim(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
