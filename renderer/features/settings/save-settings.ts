import type { Settings } from '../../../electron/shared/state.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';

/** The engine's state says what was saved; until then the control shows the old value. */
export const saveSettings = (settings: Partial<Settings>): void =>
  void attempt('The setting was not saved', invoke('settings.save', settings));
