import { AppError } from '../electron/shared/errors.ts';
import type { JobTemplate } from '../electron/shared/job-templates.ts';
import { message } from '../electron/shared/messages.ts';

const hint = 'See them with: tunel jobs templates';

/** By its name, or by a beginning of it that fits one only. @throws AppError `not-found` */
export function findTemplate(templates: readonly JobTemplate[], name: string): JobTemplate {
  const fitting = templates.filter((each) => each.name.startsWith(name));
  const found = templates.find((each) => each.name === name) ?? (fitting.length === 1 ? fitting[0] : undefined);
  if (found) return found;
  throw new AppError('not-found', message`There is no template “${{ name }}”.`, { hint });
}

/** By its whole name or id, because what is done to it cannot be undone. @throws AppError `not-found` */
export function findWholeTemplate(templates: readonly JobTemplate[], name: string): JobTemplate {
  const found = templates.find((each) => each.name === name) ?? templates.find((each) => each.id === name);
  if (found) return found;
  const isPart = name !== '' && templates.some((each) => each.name.startsWith(name));
  throw new AppError('not-found', message`There is no template “${{ name }}”.`, {
    hint: isPart ? 'Give the whole name of a template.' : hint,
  });
}
