import { z } from 'zod';
import { fileFailureSchema, transferSchema } from '../../shared/transfers.ts';

/** A transfer as it is kept; what became of each file is in its journal. */
export const transferRecordSchema = transferSchema
  .pick({
    id: true,
    direction: true,
    clusterId: true,
    toClusterId: true,
    destination: true,
    options: true,
    state: true,
    files: true,
    bytes: true,
    error: true,
    createdAt: true,
    endedAt: true,
  })
  .extend({
    /** All of them. */
    sources: z.array(z.string()),
    /** At most a thousand. */
    failures: z.array(fileFailureSchema),
    /** Of the client that started it. */
    key: z.string().nullable(),
    /** In its queue, the smallest first. */
    position: z.number(),
    /** Its sources are listed anew before it goes on. */
    isListAged: z.boolean().default(false),
  });
export type TransferRecord = z.infer<typeof transferRecordSchema>;
