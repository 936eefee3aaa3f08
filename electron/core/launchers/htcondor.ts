import { AppError } from '../../shared/errors.ts';
import type { Launcher } from './launcher.ts';

const absent = () => Promise.reject(new AppError('command-missing', 'There is no htcondor here.'));

export const htcondor: Launcher = {
  name: 'htcondor',
  detect: async () => null,
  submitCommand: () => '',
  submit: absent,
  poll: absent,
  cancel: absent,
  enter: () => null,
};
