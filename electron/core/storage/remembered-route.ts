import { z } from 'zod';
import { routeInfoSchema } from '../../shared/instances.ts';
import { routeKindSchema } from '../../shared/kinds.ts';

/** The route that worked on a cluster, why the more private ones did not then, and when that was found out (epoch ms). */
const rememberedRouteSchema = z.object({
  kind: routeKindSchema,
  refused: routeInfoSchema.shape.refused,
  at: z.number(),
});
export type RememberedRoute = z.infer<typeof rememberedRouteSchema>;

/** What is remembered of one cluster: its apps differ in where they run and how they listen. */
export const rememberedRoutesSchema = z.record(z.string(), rememberedRouteSchema);
