import { expect, it } from 'vitest';
import { describeRunning } from '../../../electron/platform/quit-policy.ts';
import { describeReplacement } from '../../../electron/platform/replace-policy.ts';

const app = (title: string) => ({ title, clusterName: 'slurm' });

it('names the apps that keep running when Tunel quits', () => {
  expect(describeRunning([app('JupyterLab')])).toEqual({
    message: '1 app keeps running',
    detail: 'JupyterLab on slurm\n\nOpen Tunel again to get back to it.',
  });
  const many = describeRunning(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(app));
  expect(many.message).toBe('7 apps keep running');
  expect(many.detail).toBe(
    'a on slurm\nb on slurm\nc on slurm\nd on slurm\ne on slurm\nand 2 more\n\nOpen Tunel again to get back to them.',
  );
});

it('says what ending the engine of another version does', () => {
  const said = describeReplacement({ version: '0.0.9', liveInstances: 2 }, '0.1.0');
  expect(said.message).toBe('Tunel 0.0.9 is running in the background');
  expect(said.detail).toMatch(/^This window is Tunel 0\.1\.0, .* you sign in again\. 2 apps keep running\.$/);
  expect(describeReplacement({ version: '1', liveInstances: 1 }, '2').detail).toMatch(/1 app keeps running\.$/);
  expect(describeReplacement({ version: '1', liveInstances: 0 }, '2').detail).toMatch(/sign in again\.$/);
});
