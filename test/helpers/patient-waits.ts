import { vi } from 'vitest';
import { UNIT_PATIENCE_MS } from './patience.ts';

const { waitFor } = vi;
/** Vitest gives up after a second, which a busy computer may take. */
vi.waitFor = (callback, options) =>
  waitFor(callback, typeof options === 'number' ? options : { timeout: UNIT_PATIENCE_MS, ...options });
