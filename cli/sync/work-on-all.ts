interface WorkOptions {
  /** How many items at the same time. */
  atOnce: number;
  /** Begins nothing more when it fires. */
  signal: AbortSignal;
}

/** Does `work` for each item, which may add more of them. Rejects with the first failure when what runs has ended. */
export async function workOnAll<T>(
  items: readonly T[],
  { atOnce, signal }: WorkOptions,
  work: (item: T, add: (more: T) => void) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const failures: unknown[] = [];
  const running = new Set<Promise<void>>();
  const add = (more: T): void => {
    waiting.push(more);
  };
  while (waiting.length > 0 || running.size > 0) {
    if (signal.aborted || failures.length > 0) break;
    while (running.size < atOnce && waiting.length > 0) {
      const [item] = waiting.splice(0, 1) as [T];
      const task: Promise<void> = work(item, add)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => running.delete(task));
      running.add(task);
    }
    await Promise.race(running);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
  signal.throwIfAborted();
}
