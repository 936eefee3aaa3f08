import { AppError } from '../../shared/errors.ts';
import type { Launcher } from './launcher.ts';

const absent = () => Promise.reject(new AppError('command-missing', 'There is no gridengine here.'));

export const gridengine: Launcher = {
  name: 'gridengine',
  detect: async () => null,
  submitCommand: () => '',
  submit: absent,
  poll: absent,
  cancel: absent,
  enter: () => null,
};
