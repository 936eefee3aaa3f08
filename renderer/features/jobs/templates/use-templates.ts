import { useCallback, useEffect, useState } from 'react';
import { AppError } from '../../../../electron/shared/errors.ts';
import type { JobTemplate } from '../../../../electron/shared/job-templates.ts';
import { attempt } from '../../../attempt.ts';
import { invoke } from '../../../bridge.ts';
import { ui } from '../../../ui-store.ts';

/** The templates, as long as something that shows them is there. `list`: null: not read yet. */
export function useTemplates() {
  const [list, setList] = useState<readonly JobTemplate[] | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const load = useCallback(async (signal?: AbortSignal) => {
    try {
      const { templates } = await invoke('templates.list', {}, signal);
      if (signal?.aborted) return;
      setList(templates);
      setError(null);
    } catch (failure) {
      if (!signal?.aborted) setError(AppError.from(failure));
    }
  }, []);
  useEffect(() => {
    const stop = new AbortController();
    void load(stop.signal);
    return () => stop.abort();
  }, [load]);
  return { list, error, load };
}

/** Removes one at once; the notice has it back. `then`: after each of both. */
export async function removeTemplate({ id, name, content }: JobTemplate, then: () => void): Promise<void> {
  if (!(await attempt(`${name} was not removed`, invoke('templates.remove', { id })))) return;
  then();
  const restore = () => invoke('templates.save', { name, content }).then(then);
  ui.toast({
    tone: 'ok',
    title: `The template ${name} was removed.`,
    action: { label: 'Undo', run: () => void attempt(`${name} was not restored`, restore()) },
  });
}
