import { useEffect, useMemo, useState } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { choicesOfFacts, type FormChoice, isKnownSource } from '../../../electron/shared/form-choices.ts';
import type { LauncherName } from '../../../electron/shared/kinds.ts';
import type { ChoiceSource } from '../../../electron/shared/recipes.ts';
import { invoke } from '../../bridge.ts';

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
  const id = cluster?.cluster.id ?? '';
  const connected = cluster?.connection.state === 'connected';
  const known = isKnownSource(from);
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const of = `${id} ${from} ${attempt}`;
  const facts = cluster?.facts ?? null;
  const fromFacts = useMemo(() => (known ? choicesOfFacts(from, facts, launcher) : []), [known, from, facts, launcher]);

  useEffect(() => {
    if (known || !connected) return;
    const asked = new AbortController();
    const { signal } = asked;
    invoke('clusters.choices', { clusterId: id, from, fresh: attempt > 0 }, signal).then(
      (list) => !signal.aborted && setAnswer({ of, list }),
      // What is cancelled rejects, too, and is not for the screen.
      (error) => !signal.aborted && setAnswer({ of, error: AppError.from(error) }),
    );
    return () => asked.abort();
  }, [known, connected, id, from, attempt, of]);

  const retry = () => setAttempt((last) => last + 1);
  if (known) return { list: fromFacts, state: facts ? 'ready' : 'offline', error: null, retry };
  const own = answer?.of === of ? answer : null;
  if (own && 'list' in own) return { list: own.list, state: 'ready', error: null, retry };
  if (!connected) return { list: [], state: 'offline', error: null, retry };
  if (own) return { list: [], state: 'failed', error: own.error, retry };
  return { list: [], state: 'loading', error: null, retry };
}
