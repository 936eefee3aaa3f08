import { create } from 'zustand';
import { type TransferOptions, transferOptionsSchema } from '../../../electron/shared/transfers.ts';

/** What the user chose for transfers; the limit is that of all together, and a setting. */
export type ChosenOptions = Omit<TransferOptions, 'limit'>;

const { limit: _none, ...defaults } = transferOptionsSchema.parse({});

/** How the next transfers of the page go, as long as the window is open. */
export const useTransferOptions = create<ChosenOptions>(() => defaults);

export const isDefault = (options: ChosenOptions): boolean =>
  Object.entries(defaults).every(([name, value]) => Reflect.get(options, name) === value);

const MEGABYTE = 1_000_000;

/** As it is typed; empty: no limit. */
export const limitInMegabytes = (limit: number): number | '' => (limit === 0 ? '' : limit / MEGABYTE);

/** Bytes a second; 0: no limit. At least one byte, so that a small limit is one. */
export function limitInBytes(megabytes: number | string): number {
  const value = Number(megabytes);
  return megabytes === '' || !(value > 0) ? 0 : Math.max(1, Math.round(value * MEGABYTE));
}
