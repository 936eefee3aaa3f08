import type { Instance } from '../../../electron/shared/instances.ts';
import type { ViewState } from '../../../electron/shared/state.ts';
import { exposureOf } from '../../text/exposure.ts';

/** What fills the place of the page: the page itself, or something of ours instead of or above it. */
export type Filling = 'page' | 'reconnecting' | 'on-the-way' | 'over' | 'detached' | 'error' | 'gone';

export function fillingOf(view: ViewState, instance: Instance | undefined): Filling {
  if (!instance) return 'gone';
  if (view.detached) return 'detached';
  switch (instance.state) {
    case 'reconnecting':
      return 'reconnecting';
    case 'starting':
    case 'waiting':
      return 'on-the-way';
    case 'ended':
    case 'failed':
      return 'over';
    default:
      return view.error === null ? 'page' : 'error';
  }
}

/** The last line of a log that says something. */
export const lastLogLine = (log: string): string => log.trimEnd().split('\n').at(-1)?.trim() ?? '';

interface Hop {
  kind: 'computer' | 'login' | 'node' | 'socket' | 'port';
  title: string;
  text: string;
}

/** The route from here to the app, hop by hop, as it is used now. */
export function hops(instance: Instance, place: { loginNode: string; address: string; through: string }): Hop[] {
  const { route, endpoint } = instance;
  const list: Hop[] = [
    { kind: 'computer', title: 'This computer', text: 'encrypted to this view; no other program can use it' },
    {
      kind: 'login',
      title: `Login node of ${instance.clusterName}`,
      text: ['SSH', place.loginNode || place.address, place.through].filter(Boolean).join(', '),
    },
  ];
  if (!endpoint) return list;
  if (route?.kind === 'node')
    list.push({ kind: 'node', title: `Node ${endpoint.node}`, text: 'second SSH hop, no port open to others' });
  if (route?.kind === 'relay')
    list.push({
      kind: 'node',
      title: endpoint.node ? `Node ${endpoint.node}` : 'The node of the job',
      text: 'a relay inside the job, by its scheduler; no ssh to the node',
    });
  if (route?.kind === 'port')
    list.push({ kind: 'node', title: `Node ${endpoint.node}`, text: 'reached from the login node by its port' });
  list.push(
    endpoint.kind === 'socket'
      ? { kind: 'socket', title: `Socket of ${instance.title}`, text: exposureOf(instance).short }
      : {
          kind: 'port',
          title: `Port ${endpoint.port} of ${instance.title}`,
          text: exposureOf(instance).short,
        },
  );
  return list;
}
