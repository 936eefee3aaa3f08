import { z } from 'zod';
import { jobTemplateContentSchema, jobTemplateSchema } from '../job-templates.ts';
import { jobNameSchema } from '../jobs.ts';
import { byId, nothing } from './common.ts';
import { request } from './define.ts';

export const requests = {
  'templates.list': request({
    doc: 'The templates of jobs, by name.',
    scope: 'owner',
    input: z.object({}),
    output: z.object({ templates: z.array(jobTemplateSchema) }),
  }),
  'templates.save': request({
    doc: 'Keeps a script, its resources and small files under a name; `replace`: also over the template of that name.',
    scope: 'owner',
    input: z.object({ name: jobNameSchema, content: jobTemplateContentSchema, replace: z.boolean().default(false) }),
    output: jobTemplateSchema,
    errors: ['conflict', 'limit-exceeded'],
  }),
  'templates.rename': request({
    doc: 'Gives a template another name.',
    scope: 'owner',
    input: byId.extend({ name: jobNameSchema }),
    output: nothing,
    errors: ['conflict', 'not-found'],
  }),
  'templates.remove': request({
    doc: 'Removes a template; jobs that were made from it stay.',
    scope: 'owner',
    input: byId,
    output: nothing,
    errors: ['not-found'],
  }),
};
