import type { Logger } from '../../electron/core/deps.ts';

export const quietLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
