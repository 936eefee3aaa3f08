import { z } from 'zod';
import type { Subject } from './define.ts';

export const nothing = z.void();
export const idOf = z.string().min(1).max(100);
/** A repeated request with the same key and input answers as the first one did. Also given by the header Idempotency-Key. */
export const idempotencyKey = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x20-\x7e]*$/, 'Printable ASCII characters only.')
  .optional();
export const byId = z.object({ id: idOf });

/** Text of a log: it shows the file's bytes from `offset` to `next`, of which masked secrets have another length. */
export const logPieceSchema = z.object({ text: z.string(), offset: z.number(), next: z.number() });
export type LogPiece = z.infer<typeof logPieceSchema>;

/** Subjects of calls, by how their input names them. */
export const onCluster = ({ clusterId }: { clusterId: string }): Subject => ({ clusterId });
export const byClusterId = ({ id }: { id: string }): Subject => ({ clusterId: id });
export const byInstanceId = ({ id }: { id: string }): Subject => ({ instanceId: id });
export const byJobId = ({ id }: { id: string }): Subject => ({ jobId: id });
export const onTarget = ({ target }: { target: { clusterId: string } | { appId: string } }): Subject =>
  'appId' in target ? { instanceId: target.appId } : { clusterId: target.clusterId };
/** Of no cluster, or of all that the caller may see. */
export const noCluster = (): Subject => null;
