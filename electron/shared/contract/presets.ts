import { z } from 'zod';
import { launchInputSchema } from '../instances.ts';
import { presetNameSchema } from '../presets.ts';
import { byId, nothing } from './common.ts';
import { request } from './define.ts';

export const requests = {
  'presets.save': request({
    doc: "Keeps values of a launch form under a name, without secrets; `replace`: also over the recipe's preset of that name.",
    scope: 'owner',
    input: z.object({ name: presetNameSchema, input: launchInputSchema, replace: z.boolean().default(false) }),
    output: z.object({ id: z.string() }),
    errors: ['conflict', 'not-found'],
  }),
  'presets.rename': request({
    doc: 'Gives a preset another name.',
    scope: 'owner',
    input: byId.extend({ name: presetNameSchema }),
    output: nothing,
    errors: ['conflict', 'not-found'],
  }),
  'presets.remove': request({
    doc: 'Removes a preset.',
    scope: 'owner',
    input: byId,
    output: nothing,
    errors: ['not-found'],
  }),
};
