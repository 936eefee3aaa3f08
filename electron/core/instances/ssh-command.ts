import type { Cluster } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { Endpoint, Instance } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import { quote } from '../../shared/shell-quote.ts';

/** A local port that stays the same for one instance and rarely meets another's. */
function localPort(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + character.charCodeAt(0)) % 10_000;
  return 20_000 + hash;
}

const target = (endpoint: Endpoint, host: string): string =>
  endpoint.kind === 'socket' ? endpoint.path : `${host}:${endpoint.port}`;

/** What a user types to reach the app without us, by the route that was found. */
export function sshCommand(instance: Instance, cluster: Cluster, sshArguments: readonly string[]): string {
  const { endpoint, route } = instance;
  if (!endpoint || !route) {
    throw new AppError('conflict', message`${{ title: instance.title }} is not reachable yet.`, {
      hint: 'The command is known as soon as the tunnel is open.',
    });
  }
  const port = localPort(instance.id);
  const forward = (to: string): string[] => ['ssh', '-N', '-L', `${port}:${to}`];
  if (route.kind === 'node') {
    const hops = [...cluster.jumps, cluster].map((hop) => `${hop.user}@${hop.host}:${hop.port}`);
    const args = [...forward(target(endpoint, '127.0.0.1')), '-J', hops.join(','), `${cluster.user}@${endpoint.node}`];
    return args.map(quote).join(' ');
  }
  return [...forward(target(endpoint, endpoint.node)), ...sshArguments].map(quote).join(' ');
}
