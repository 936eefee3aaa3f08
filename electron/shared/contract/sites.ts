import { z } from 'zod';
import { shippedSiteSchema, siteReadingSchema } from '../sites.ts';
import { nothing } from './common.ts';
import { request } from './define.ts';

export const requests = {
  'sites.list': request({
    doc: 'The site profiles that ship with the app.',
    scope: 'owner',
    input: nothing,
    output: z.array(shippedSiteSchema),
  }),
  'sites.read': request({
    doc: 'Reads a site profile (a path here, an https address or a shipped name) and changes nothing; `clusterId`: with what it would change there.',
    scope: 'owner',
    input: z.object({ source: z.string().trim().min(1).max(4096), clusterId: z.string().max(100).optional() }),
    output: siteReadingSchema,
    errors: ['not-found', 'site-invalid', 'connection-refused', 'timeout'],
  }),
};
