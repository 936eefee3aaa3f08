import { expect, it } from 'vitest';
import { describeRunning } from '../../../electron/platform/quit-policy.ts';

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
