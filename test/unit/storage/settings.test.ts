import { expect, test } from 'vitest';
import { engineRequests } from '../../../electron/shared/contract/index.ts';
import { settingsChangeSchema, settingsSchema } from '../../../electron/shared/state.ts';

test('a change of one setting says nothing of the others', () => {
  expect(engineRequests['settings.save'].input.parse({ theme: 'dark' })).toEqual({ theme: 'dark' });
  expect(engineRequests['settings.save'].input.parse({})).toEqual({});
  expect(Object.keys(settingsChangeSchema.shape)).toEqual(Object.keys(settingsSchema.shape));
});
