import { useEffect, useId, useMemo, useState } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { choicesOfFacts, type FormChoice, isKnownSource } from '../../../electron/shared/form-choices.ts';
import type { LauncherName } from '../../../electron/shared/kinds.ts';
import type { ChoiceSource } from '../../../electron/shared/recipes.ts';
import { actions } from '../../actions.ts';

export interface Choices {
  list: FormChoice[];
  state: 'ready' | 'loading' | 'offline' | 'failed';
  error: AppError | null;
  retry: () => void;
}

type Answer = { of: string } & ({ list: FormChoice[] } | { error: AppError });

/** What a cluster has to choose from. It is asked once it is connected; leaving the field's form cancels the question. */
export function useChoices(
  from: ChoiceSource,
  cluster: ClusterState | undefined,
  launcher: LauncherName | null,
): Choices {
  const key = useId();
  const id = cluster?.cluster.id ?? '';
  const connected = cluster?.connection.state === 'connected';
  const known = isKnownSource(from);
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const of = `${id} ${from} ${attempt}`;
  const facts = cluster?.facts ?? null;
  const learnt = useMemo(() => (known ? choicesOfFacts(from, facts, launcher) : []), [known, from, facts, launcher]);

  useEffect(() => {
    if (known || !connected) return;
    let stale = false;
    actions.choices({ key, clusterId: id, from, fresh: attempt > 0 }).then(
      (list) => !stale && setAnswer({ of, list }),
      (error) => !stale && setAnswer({ of, error: AppError.from(error) }),
    );
    return () => {
      stale = true;
      // Nobody waits for the answer any more; the work itself rejects with `cancelled`, which is not for the screen.
      actions.cancelChoices(key).catch(() => undefined);
    };
  }, [known, connected, key, id, from, attempt, of]);

  const retry = () => setAttempt((last) => last + 1);
  if (known) return { list: learnt, state: facts ? 'ready' : 'offline', error: null, retry };
  const own = answer?.of === of ? answer : null;
  if (own && 'list' in own) return { list: own.list, state: 'ready', error: null, retry };
  if (!connected) return { list: [], state: 'offline', error: null, retry };
  if (own) return { list: [], state: 'failed', error: own.error, retry };
  return { list: [], state: 'loading', error: null, retry };
}
