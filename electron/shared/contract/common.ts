import { z } from 'zod';

export const nothing = z.void();
export const idOf = z.string().min(1).max(100);
export const byId = z.object({ id: idOf });
