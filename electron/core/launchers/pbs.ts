import { AppError } from '../../shared/errors.ts';
import type { Launcher } from './launcher.ts';

const absent = () => Promise.reject(new AppError('command-missing', 'There is no pbs here.'));

export const pbs: Launcher = {
  name: 'pbs',
  detect: async () => null,
  submitCommand: () => '',
  submit: absent,
  poll: absent,
  cancel: absent,
  enter: () => null,
};
