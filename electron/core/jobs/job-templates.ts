import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import type { JobTemplate, JobTemplateContent } from '../../shared/job-templates.ts';
import { message } from '../../shared/messages.ts';
import type { Clock } from '../deps.ts';
import type { TemplateStorage } from '../storage/types.ts';

const MOST = 500;

/** Jobs that the user kept by name. A name is given once. */
export function createJobTemplates({ storage, clock }: { storage: TemplateStorage; clock: Clock }) {
  const named = (name: string): JobTemplate | undefined => storage.templates().find((each) => each.name === name);
  const find = (id: string): JobTemplate => {
    const found = storage.templates().find((each) => each.id === id);
    if (!found) throw new AppError('not-found', 'This template was removed.', { hint: 'Choose another one.' });
    return found;
  };
  const taken = (name: string): AppError =>
    new AppError('conflict', message`There is a template “${{ name }}” already.`, {
      hint: 'Replace it, or choose another name.',
    });

  return {
    list: (): JobTemplate[] => storage.templates(),
    /** @throws AppError `conflict` where the name is taken and the template is not to be replaced */
    save({ name, content, replace }: { name: string; content: JobTemplateContent; replace: boolean }): JobTemplate {
      const old = named(name);
      if (old && !replace) throw taken(name);
      if (!old && storage.templates().length >= MOST) {
        throw new AppError('limit-exceeded', message`There are ${{ limit: MOST }} templates already.`, {
          hint: 'Remove some first.',
        });
      }
      const template = { id: old?.id ?? randomUUID(), name, savedAt: clock.now(), content };
      storage.saveTemplate(template);
      return template;
    },
    rename({ id, name }: { id: string; name: string }): void {
      const template = find(id);
      const other = named(name);
      if (other && other.id !== id) throw taken(name);
      storage.saveTemplate({ ...template, name });
    },
    remove: ({ id }: { id: string }): void => storage.removeTemplate(find(id).id),
  };
}
