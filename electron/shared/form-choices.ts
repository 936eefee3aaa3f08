import { z } from 'zod';
import type { ClusterFacts, LauncherInfo } from './clusters.ts';
import type { LauncherName } from './kinds.ts';
import type { ChoiceSource } from './recipes.ts';

/** One thing to choose on a cluster. The user may type another. */
export const formChoiceSchema = z.object({
  value: z.string(),
  label: z.string(),
  /** What tells it from others, e.g. `conda` or a folder; empty: nothing more. */
  detail: z.string(),
});
export type FormChoice = z.infer<typeof formChoiceSchema>;

/** Read at each connection anyway; the others are looked for when a form asks for them. */
const knownSources = ['queues', 'accounts', 'gpus'] as const satisfies readonly ChoiceSource[];
type KnownSource = (typeof knownSources)[number];
export const isKnownSource = (from: ChoiceSource): from is KnownSource =>
  knownSources.some((source) => source === from);

const plain = (values: readonly string[]): FormChoice[] =>
  [...new Set(values)].map((value) => ({ value, label: value, detail: '' }));

/** Queues, accounts or kinds of GPU of a launcher, or of all where it is not known which one a launch takes. */
export function choicesOfFacts(
  from: KnownSource,
  facts: ClusterFacts | null,
  launcher: LauncherName | null,
): FormChoice[] {
  const all = facts?.launchers ?? [];
  const infos: LauncherInfo[] = launcher === null ? all : all.filter((info) => info.name === launcher);
  switch (from) {
    case 'queues':
      return infos
        .flatMap((info) => info.queues)
        .map(({ name, description }) => ({ value: name, label: name, detail: description ?? '' }));
    case 'accounts':
      return plain(infos.flatMap((info) => info.accounts));
    case 'gpus':
      return plain(infos.flatMap((info) => info.queues.flatMap((queue) => queue.gpuTypes)));
  }
}
