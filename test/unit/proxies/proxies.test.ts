import { expect, test } from 'vitest';
import { parseGreeting } from '../../../electron/core/proxies/greeting.ts';
import { parseOwnSshd } from '../../../electron/core/proxies/own-sshd-policy.ts';
import { listSshHosts } from '../../../electron/core/proxies/ssh-config-policy.ts';
import { userSshdScript } from '../../../electron/core/proxies/user-sshd-script.ts';
import { clusterHostName, findSshHost, instanceHostName } from '../../../electron/shared/ssh-host-names.ts';

test('a cluster has a name that ssh accepts, whatever the user called it', () => {
  const nameOf = (id: string, name: string) => clusterHostName({ id, name }, [{ id, name }]);
  expect(nameOf('x', 's24')).toBe('tunel-s24');
  expect(nameOf('x', 'Zürich HPC (GPU)')).toBe('tunel-zu-rich-hpc-gpu');
  expect(nameOf('AB-1', '計算')).toBe('tunel-ab-1');
});

test('clusters with equal names have different hosts, each of which leads to its own', () => {
  const clusters = [
    { id: 'c-1', name: 'HPC', user: 'ada' },
    { id: 'c-2', name: 'hpc', user: 'ben' },
    { id: 'c-3', name: 'hpc!', user: 'cyd' },
  ];
  const hosts = listSshHosts(clusters, []);
  expect(hosts.map(({ name, user }) => [name, user])).toEqual([
    ['tunel-hpc', 'ada'],
    ['tunel-c-2', 'ben'],
    ['tunel-c-3', 'cyd'],
  ]);
  for (const [index, { name }] of hosts.entries()) {
    expect(findSshHost(name, { clusters, instances: [] })).toEqual({ clusterId: `c-${index + 1}` });
  }
});

test('the address of an sshd is the one that took the connection', () => {
  expect(parseOwnSshd('address 10.1.2.3 2222\nssh-ed25519 AAAA\n')).toEqual({
    address: [{ host: '10.1.2.3', port: 2222 }],
    keys: ['ssh-ed25519 AAAA'],
  });
  expect(parseOwnSshd('address fd00::7 22\n').address).toEqual([{ host: 'fd00::7', port: 22 }]);
  expect(parseOwnSshd('address \nssh-ed25519 AAAA\n')).toEqual({ address: [], keys: ['ssh-ed25519 AAAA'] });
});

test('a name is a cluster first, then the one running app whose id begins so', () => {
  const clusters = [
    { id: 'c-1', name: 'hpc' },
    { id: 'c-2', name: 'abcd' },
  ];
  const instances = [
    { id: 'abcdefghij', state: 'ready' as const },
    { id: 'abxxxxxxxx', state: 'ready' as const },
    { id: 'zzzzzzzzzz', state: 'ended' as const },
  ];
  const find = (name: string) => findSshHost(name, { clusters, instances });
  expect(find('tunel-HPC')).toEqual({ clusterId: 'c-1' });
  expect(find('tunel-c-2')).toEqual({ clusterId: 'c-2' });
  expect(find('tunel-abcd')).toEqual({ clusterId: 'c-2' });
  expect(find(instanceHostName({ id: 'abcdefghij' }))).toEqual({ appId: 'abcdefghij' });
  expect(find('tunel-abc')).toEqual({ appId: 'abcdefghij' });
  for (const none of ['tunel-ab', 'tunel-', 'tunel-zzzzzzzzzz', 'hpc']) expect(find(none), none).toBeNull();
});

test('the greeting is a line of known words', () => {
  expect(parseGreeting(' none')).toEqual({ kind: 'none' });
  expect(parseGreeting(' ready ssh-ed25519 AAAA 1000 c1 DOM\\ada lovelace\r')).toEqual({
    kind: 'ready',
    hostKey: 'ssh-ed25519 AAAA',
    uid: '1000',
    user: 'DOM\\ada lovelace',
    node: 'c1',
  });
  for (const line of [
    '',
    'ready',
    'ready ssh-ed25519 AAAA 1 c1',
    'ready ssh-ed25519 AAAA ada c1 ada',
    'other ssh-ed25519 AAAA 1 c1 ada',
  ]) {
    expect(parseGreeting(line)).toBeNull();
  }
});

test('the script never holds its mark whole, so that an echo of it is no greeting', () => {
  const mark = 'tunel-sshd-0123456789abcdef';
  expect(userSshdScript('ssh-ed25519 AAAA tunel\n', mark)).not.toContain(mark);
});
