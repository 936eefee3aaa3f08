import { expect, test } from 'vitest';
import { parseGreeting } from '../../../electron/core/proxies/greeting.ts';
import { userSshdScript } from '../../../electron/core/proxies/user-sshd-script.ts';
import { clusterHostName, findSshHost, instanceHostName } from '../../../electron/shared/ssh-host-names.ts';

test('a cluster has a name that ssh accepts, whatever the user called it', () => {
  expect(clusterHostName({ id: 'x', name: 's24' })).toBe('tunel-s24');
  expect(clusterHostName({ id: 'x', name: 'Zürich HPC (GPU)' })).toBe('tunel-zu-rich-hpc-gpu');
  expect(clusterHostName({ id: 'AB-1', name: '計算' })).toBe('tunel-ab-1');
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
  expect(parseGreeting(' ready ssh-ed25519 AAAA ada c1\r')).toEqual({
    kind: 'ready',
    hostKey: 'ssh-ed25519 AAAA',
    user: 'ada',
    node: 'c1',
  });
  for (const line of ['', 'ready', 'ready ssh-ed25519 AAAA ada', 'other ssh-ed25519 AAAA ada c1']) {
    expect(parseGreeting(line)).toBeNull();
  }
});

test('the script never holds its mark whole, so that an echo of it is no greeting', () => {
  const mark = 'tunel-sshd-0123456789abcdef';
  expect(userSshdScript('ssh-ed25519 AAAA tunel\n', mark)).not.toContain(mark);
});
