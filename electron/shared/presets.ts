import { z } from 'zod';
import { launchInputSchema } from './instances.ts';

export const presetNameSchema = z
  .string()
  .trim()
  .min(1, 'Give it a name.')
  .max(100)
  .regex(/^[^\p{Cc}]*$/u, 'One line only.');

/** Values of a launch form that the user kept under a name. Secrets are left out. */
export const presetSchema = z.object({
  id: z.string(),
  /** One of its recipe has it. */
  name: presetNameSchema,
  input: launchInputSchema,
  savedAt: z.number(),
});
export type Preset = z.infer<typeof presetSchema>;

/** A recipe's presets, those of a cluster before the others, by name. */
export function presetsOf(presets: readonly Preset[], recipe: string, clusterId: string): Preset[] {
  const rank = ({ input }: Preset) => (input.clusterId === clusterId ? 0 : 1);
  return presets
    .filter(({ input }) => input.recipe === recipe)
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}
