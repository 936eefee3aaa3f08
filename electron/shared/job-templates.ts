import { z } from 'zod';
import { launchInputSchema, resourcesSchema } from './instances.ts';
import { jobNameSchema, jobPathSchema, jobScriptSchema } from './jobs.ts';

/** Of one input, and of all inputs of a template, in bytes: what is larger is copied with a transfer. */
export const templateInputLimit = 256 * 1024;

const base64 = z
  .string()
  .max(Math.ceil(templateInputLimit / 3) * 4)
  .regex(/^[A-Za-z0-9+/]*={0,2}$/, 'Base64 only.');

/** A small file that goes into the directory of each job that is made from a template. */
const templateInputSchema = z.object({ path: jobPathSchema, content: base64 });
export type TemplateInput = z.infer<typeof templateInputSchema>;

const bytesOf = ({ content }: TemplateInput): number => Math.floor((content.length * 3) / 4);

/** What a job is composed from: the values of its form stand in its script and resources. */
export const jobTemplateContentSchema = z.object({
  /** Where jobs of it were; empty: any cluster. */
  clusterId: z.string().max(100).default(''),
  launcher: launchInputSchema.shape.launcher,
  /** What a job of it is called at first. */
  jobName: jobNameSchema.or(z.literal('')).default(''),
  script: jobScriptSchema,
  resources: resourcesSchema.prefault({}),
  modules: launchInputSchema.shape.modules,
  inputs: z
    .array(templateInputSchema)
    .max(100)
    .refine((inputs) => inputs.reduce((sum, input) => sum + bytesOf(input), 0) <= templateInputLimit, {
      message: 'The files of a template have 256 kB together at most.',
    })
    .default([]),
});
export type JobTemplateContent = z.infer<typeof jobTemplateContentSchema>;

/** A job that the user kept under a name. */
export const jobTemplateSchema = z.object({
  id: z.string(),
  /** Only one has it. */
  name: jobNameSchema,
  savedAt: z.number(),
  content: jobTemplateContentSchema,
});
export type JobTemplate = z.infer<typeof jobTemplateSchema>;
