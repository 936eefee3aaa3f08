import { count } from '../shared/format.ts';
import type { Instance } from '../shared/instances.ts';

/** More are only counted. */
const NAMED = 5;

/** What a user who quits should know of the apps that run. */
export function describeRunning(running: readonly Pick<Instance, 'title' | 'clusterName'>[]): {
  message: string;
  detail: string;
} {
  const named = running.slice(0, NAMED).map(({ title, clusterName }) => `${title} on ${clusterName}`);
  const more = running.length - named.length;
  const verb = running.length === 1 ? 'keeps' : 'keep';
  return {
    message: `${count(running.length, 'app')} ${verb} running`,
    detail: `${[...named, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')}\n\nOpen Tunel again to get back to ${running.length === 1 ? 'it' : 'them'}.`,
  };
}
