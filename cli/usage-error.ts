import { AppError } from '../electron/shared/errors.ts';

type Options = ConstructorParameters<typeof AppError>[2];

/** What was written on the command line cannot be; nothing was done. */
export class UsageError extends AppError {
  constructor(message: ConstructorParameters<typeof AppError>[1], options?: Options) {
    super('bad-input', message, options);
  }
}
