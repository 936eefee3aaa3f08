import { AppError } from '../../shared/errors.ts';
import type { Launcher } from './launcher.ts';

const absent = () => Promise.reject(new AppError('command-missing', 'There is no lsf here.'));

export const lsf: Launcher = {
  name: 'lsf',
  detect: async () => null,
  submitCommand: () => '',
  submit: absent,
  poll: absent,
  cancel: absent,
  enter: () => null,
};
