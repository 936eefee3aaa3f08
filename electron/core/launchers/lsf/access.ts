import type { Queue } from '../../../shared/clusters.ts';
import { accessAs } from '../common/queue-access.ts';

/** The queues that take this user's jobs, from `bqueues -w -u USER`; null: it is not that table. */
function readOpenQueues(text: string): Set<string> | null {
  const [header = '', ...rows] = text.split('\n').map((line) => line.trim());
  if (!header.startsWith('QUEUE_NAME')) return null;
  return new Set(rows.map((row) => row.split(/\s+/)[0] ?? '').filter((name) => name !== ''));
}

/** The statuses of queues, `Open:Active` or `Closed:Inact`, from `bqueues -l`. */
function readStatuses(text: string): Map<string, string> {
  const blocks = text.split(/^(?=QUEUE: )/m);
  return new Map(
    blocks.flatMap((block): [string, string][] => {
      const name = /^QUEUE: (\S+)/.exec(block)?.[1];
      const status = /^PRIO NICE STATUS.*\n\s*\S+\s+\S+\s+(\S+)/m.exec(block)?.[1];
      return name === undefined || status === undefined ? [] : [[name, status]];
    }),
  );
}

/** Users, user groups and fairshare are LSF's matter: it says itself which queues are open to the user. */
export function withAccess(queues: readonly Queue[], queueText: string, openText: string): Queue[] {
  const open = readOpenQueues(openText);
  const statuses = readStatuses(queueText);
  return queues.map((queue) => {
    const isClosed = /^Closed/i.test(statuses.get(queue.name) ?? '');
    if (open === null && !isClosed) return queue;
    const isRefused = open !== null && !open.has(queue.name);
    return { ...queue, access: accessAs(isRefused ? 'user' : isClosed ? 'closed' : null) };
  });
}
