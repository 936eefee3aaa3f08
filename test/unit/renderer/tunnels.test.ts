import { describe, expect, it } from 'vitest';
import {
  checkDraft,
  emptyDraft,
  orderClusters,
  type TunnelDraft,
} from '../../../renderer/features/tunnels/tunnel-form-model.ts';
import { describeNode, describeTarget, formatLocalAddress } from '../../../renderer/features/tunnels/tunnel-text.ts';
import { fixtureCluster } from '../../helpers/fixtures/parts.ts';

const draft = (changes: Partial<TunnelDraft>) => checkDraft({ ...emptyDraft([]), clusterId: 'slurm', ...changes });

describe('the form of a tunnel', () => {
  it('offers connected clusters first, and begins with the first of them', () => {
    const [away, near, far] = ['away', 'near', 'far'].map((id) => fixtureCluster({ id, name: id }));
    if (!away || !near || !far) throw new Error('A fixture is missing.');
    away.connection = { ...away.connection, state: 'disconnected' };
    near.connection = { ...near.connection, state: 'connected' };
    far.connection = { ...far.connection, state: 'unreachable' };
    const clusters = [away, near, far];
    expect(orderClusters(clusters).map((entry) => entry.cluster.id)).toEqual(['near', 'away', 'far']);
    expect(emptyDraft(clusters).clusterId).toBe('near');
    expect(emptyDraft([]).clusterId).toBe('');
  });

  it('a port of the login node to a private socket, unless told otherwise', () => {
    expect(draft({ port: 22 })).toEqual({
      input: { clusterId: 'slurm', target: { node: '', port: 22 }, local: { kind: 'socket' } },
      errors: {},
    });
  });

  it('a socket of a node to any free port or a chosen one, without what the other kind was given', () => {
    const given = { kind: 'socket', socket: ' /run/app.sock ', node: ' c17 ', port: 'x', local: 'port' } as const;
    const input = { clusterId: 'slurm', target: { node: 'c17', socket: '/run/app.sock' } };
    expect(draft(given).input).toEqual({ ...input, local: { kind: 'port', port: 0 } });
    expect(draft({ ...given, localPort: 8080 }).input).toEqual({ ...input, local: { kind: 'port', port: 8080 } });
  });

  it('has a message for each bad field', () => {
    const port = 'A port is a number from 1 to 65535.';
    for (const value of ['', 0, 65_536, 1.5, '-'])
      expect(draft({ port: value }).errors, String(value)).toEqual({ port });
    expect(draft({ port: 22, local: 'port', localPort: 70_000 }).errors).toEqual({ localPort: port });
    for (const socket of ['', 'app.sock', '~/app.sock'])
      expect(Object.keys(draft({ kind: 'socket', socket }).errors), socket).toEqual(['socket']);
    expect(draft({ clusterId: '', port: 22, node: 'a b' })).toEqual({
      input: null,
      errors: { clusterId: 'Choose a cluster.', node: 'The name of a node has no spaces.' },
    });
  });
});

it('says what a tunnel leads to and where it is reached', () => {
  expect(describeTarget({ target: { node: '', port: 22 } })).toBe('Port 22');
  expect(describeTarget({ target: { node: '', socket: '/run/s' } })).toBe('/run/s');
  expect(describeNode({ target: { node: '', port: 22 } })).toBe('the login node');
  expect(describeNode({ target: { node: 'c17', port: 22 } })).toBe('c17');
  expect(formatLocalAddress({ local: { kind: 'port', port: 8080 } })).toBe('127.0.0.1:8080');
  expect(formatLocalAddress({ local: { kind: 'socket', path: '/run/s' } })).toBe('/run/s');
});
