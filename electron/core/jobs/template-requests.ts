import type { HandlersOf } from '../../shared/contract/index.ts';
import type * as contract from '../../shared/contract/templates.ts';
import type { createJobTemplates } from './job-templates.ts';

export function templateRequests(
  templates: ReturnType<typeof createJobTemplates>,
): HandlersOf<keyof typeof contract.requests> {
  return {
    'templates.list': () => ({ templates: templates.list() }),
    'templates.save': (input) => templates.save(input),
    'templates.rename': (input) => templates.rename(input),
    'templates.remove': (input) => templates.remove(input),
  };
}
