import type { HandlersOf } from '../../shared/contract/index.ts';
import type * as contract from '../../shared/contract/presets.ts';
import type { createPresets } from './presets.ts';

export function presetRequests(presets: ReturnType<typeof createPresets>): HandlersOf<keyof typeof contract.requests> {
  return {
    'presets.save': (input) => presets.save(input),
    'presets.rename': (input) => presets.rename(input),
    'presets.remove': (input) => presets.remove(input),
  };
}
