import { z } from 'zod';
import { appStateSchema, settingsChangeSchema } from '../state.ts';
import { stateChangeSchema } from '../state-patch.ts';
import { byId, nothing } from './common.ts';
import { event, request } from './define.ts';

export const requests = {
  'app.state': request({
    doc: 'All that a screen shows, with the revision that the next change follows.',
    scope: 'owner',
    input: nothing,
    output: z.object({ revision: z.number(), state: appStateSchema.omit({ views: true }) }),
  }),
  'settings.save': request({
    doc: 'Changes some settings; what is left out stays.',
    scope: 'owner',
    input: settingsChangeSchema,
    output: nothing,
  }),
  'notices.dismiss': request({
    doc: 'Takes a notice off the screen.',
    scope: 'owner',
    input: byId,
    output: nothing,
  }),
};

export const events = {
  'state.changed': event({
    doc: 'Patches that lead to this revision from the one before. After a gap in revisions, ask for `app.state` again.',
    scope: 'read',
    payload: stateChangeSchema,
  }),
};
