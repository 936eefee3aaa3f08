import { describe, expect, it } from 'vitest';
import type { ConnectionState } from '../../../electron/shared/clusters.ts';
import { search } from '../../../renderer/features/palette/palette-model.ts';
import { reconnectSteps } from '../../../renderer/features/view/reconnect-steps.ts';
import { announcementOf } from '../../../renderer/text/announcement-policy.ts';
import { describeLoss, describeState } from '../../../renderer/text/connection-loss.ts';
import { needsYou } from '../../../renderer/text/instance.ts';
import { fixtureCluster, fixtureInstance } from '../../helpers/fixtures/parts.ts';

const app = fixtureInstance({ id: 'a', title: 'JupyterLab', state: 'reconnecting' });
const slurm = (state: ConnectionState, nextTryAt: number | null = null) => {
  const entry = fixtureCluster({ id: 'slurm', name: 'slurm' });
  return { ...entry, connection: { ...entry.connection, state, nextTryAt } };
};

describe('an app whose connection is lost', () => {
  it.each<[ConnectionState, number | null, string, string, string]>([
    ['reconnecting', 9, 'Tunel is reconnecting.', 'Try now', 'Reconnecting'],
    ['unreachable', 9, 'Tunel is reconnecting.', 'Try now', 'Reconnecting'],
    ['connecting', null, 'Tunel is reconnecting.', 'Try now', 'Reconnecting'],
    ['sign-in-needed', null, 'Sign in to slurm to open it.', 'Sign in', 'Sign-in needed'],
    ['disconnected', null, 'Connect to slurm to open it.', 'Connect', 'Not connected'],
    ['unreachable', null, 'Connect to slurm to open it.', 'Connect', 'Unreachable'],
    ['key-changed', null, 'slurm shows another host key, so Tunel does not connect.', 'What to do', 'Key changed'],
  ])('%s, next try %s: %s', (state, nextTryAt, text, action, shown) => {
    const entry = slurm(state, nextTryAt);
    expect(describeLoss(app, entry)).toMatchObject({ text, action });
    expect(describeState(app, entry)).toBe(shown);
    const [row] = search(
      { jobs: [], instances: [app], recipes: { list: [], problems: [] }, clusters: [entry] },
      'open',
    );
    expect(row?.detail).toMatch(new RegExp(`^${shown} on slurm`));
  });

  it('needs the user unless Tunel reconnects by itself', () => {
    expect(needsYou(app, slurm('disconnected'))).toBe(true);
    expect(needsYou(app, slurm('reconnecting', 9))).toBe(false);
    expect(needsYou({ ...app, state: 'ready' }, slurm('disconnected'))).toBe(false);
  });

  it('is not announced or shown in a view as if it came back by itself', () => {
    const values = { title: 'JupyterLab', cluster: 'slurm' };
    expect(announcementOf({ kind: 'reconnecting', values }).text).toBe(
      'The connection to JupyterLab is lost; it keeps running.',
    );
    const steps = reconnectSteps(slurm('disconnected').connection, app, 0);
    expect(steps[0]?.text).toBe('Sign in: your answer is needed');
  });
});
