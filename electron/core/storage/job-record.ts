import { z } from 'zod';
import { resourcesSchema } from '../../shared/instances.ts';
import { jobSchema } from '../../shared/jobs.ts';

/** A batch job as the user made it. How far it has come is in the instance of the same id, once it was submitted. */
export const jobRecordSchema = jobSchema
  .pick({
    id: true,
    clusterId: true,
    clusterName: true,
    name: true,
    launcher: true,
    directory: true,
    modules: true,
    values: true,
    createdAt: true,
    submittedAt: true,
    archived: true,
    rerunOf: true,
  })
  .extend({
    resources: resourcesSchema,
    script: z.string(),
    /** As the user gave it; empty: its own directory. */
    runDirectory: z.string().default(''),
    /** The script is not what the recipe gives for the values. */
    isScriptEdited: z.boolean(),
    /** The files of ours in its directory are as this says. */
    isWritten: z.boolean(),
    /** The directory of another job, whose inputs are copied when this one is written; null: that was done, or there are none. */
    inputsFrom: z.string().nullable().default(null),
    /** Which of the results there are copied, too. */
    resultsFrom: z.array(z.string()).default([]),
    /** Of the client that created it. */
    key: z.string().nullable(),
    /** Of the input that it was created with: SHA-256, hex. */
    inputHash: z.string(),
    /** Its directory was made for it; else it was launched as an app is, and only what is kept of it is here. */
    hasOwnDirectory: z.boolean(),
  });
export type JobRecord = z.infer<typeof jobRecordSchema>;
