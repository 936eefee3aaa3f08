import { useEffect, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import { type FilledForm, fillFromLink, parseLaunchLink } from '../../../electron/shared/launch-link.ts';
import { attempt } from '../../attempt.ts';
import { invoke, listen } from '../../bridge.ts';
import { useStore } from '../../store.ts';
import { ui, useUi } from '../../ui-store.ts';

async function show({ recipe, from, filled }: FilledForm): Promise<void> {
  ui.launch(recipe.name, from, { kind: 'link', filled });
  if (useStore.getState().views.selected !== null) await invoke('views.select', { viewId: null });
}

/** Opens the filled form; whoever is filling in another one is asked first. Never launches. */
function follow(url: string): void {
  let form: FilledForm;
  try {
    form = fillFromLink(parseLaunchLink(url), {
      recipes: useStore.getState().recipes.list,
      clusters: useStore.getState().clusters,
    });
  } catch (error) {
    ui.open({ kind: 'bad-link', error: AppError.from(error) });
    return;
  }
  if (useUi.getState().launch === null) {
    void attempt('The link did not open', show(form));
    return;
  }
  ui.confirm({
    title: `Open the form for ${form.recipe.title}?`,
    text: 'A launch link asks for it. What you typed into the form that is open now is lost. Nothing is launched.',
    action: 'Open the form',
    run: () => show(form),
  });
}

/** Takes launch links from the system, one after the other, once the state is there and no dialog is open. */
export function useLaunchLinks(): void {
  const loaded = useStore((state) => state.loaded);
  const busy = useUi((state) => state.dialog !== null);
  const [waiting, setWaiting] = useState(0);
  useEffect(() => listen('link.opened', () => setWaiting((last) => last + 1)), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new link is a reason to ask
  useEffect(() => {
    if (!loaded || busy) return;
    void attempt(
      'The link was not read',
      invoke('desktop.takeLink', undefined).then((link) => {
        if (link) follow(link.url);
      }),
    );
  }, [loaded, busy, waiting]);
}
