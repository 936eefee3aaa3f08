import { expect, it } from 'vitest';
import { joinEvidence } from '../../../renderer/text/evidence.ts';
import { askingHost, hopTitle } from '../../../renderer/text/prompt.ts';

it('names the host that asks, so that the questions of two hosts differ', () => {
  const clusterName = 'slurm';
  expect(askingHost({ clusterName })).toBe('slurm');
  expect(askingHost({ clusterName, hop: { role: 'login', host: 'login.example' } })).toBe('slurm');
  expect(askingHost({ clusterName, hop: { role: 'jump', host: 'gate.example' } })).toBe(
    'jump host gate.example of slurm',
  );
  expect(askingHost({ clusterName, hop: { role: 'node', host: 'c1' } })).toBe('node c1 of slurm');
  expect(hopTitle({ hop: { role: 'jump', host: 'gate.example' } })).toBe('Jump host');
  expect(hopTitle({})).toBe('');
});

it('shows no evidence twice', () => {
  expect(joinEvidence('exit 1\nno such module', 'no such module\n')).toBe('exit 1\nno such module');
  expect(joinEvidence('a', 'b')).toBe('a\n\nb');
  expect(joinEvidence('a', 'a')).toBe('a');
  expect(joinEvidence(undefined, '  ')).toBe('');
});
