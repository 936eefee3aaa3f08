import { z } from 'zod';

export const nothing = z.void();
export const idOf = z.string().min(1).max(100);
export const byId = z.object({ id: idOf });

/** Text of a log: it shows the file's bytes from `offset` to `next`, of which masked secrets have another length. */
export const logPieceSchema = z.object({ text: z.string(), offset: z.number(), next: z.number() });
export type LogPiece = z.infer<typeof logPieceSchema>;
