import { Loader } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ClusterInput, ClusterTest, LauncherInfo } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { invoke } from '../../bridge.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { Note } from '../../components/note.tsx';
import { homeUse } from '../../text/cluster.ts';
import { experimentalLabel, isExperimental, launcherTitle } from '../../text/launcher.ts';
import { count } from '../../text/size.ts';

const testScheduler = (scheduler: LauncherInfo) =>
  [
    launcherTitle(scheduler),
    isExperimental(scheduler.name) ? experimentalLabel : '',
    scheduler.queues.length > 0 ? count(scheduler.queues.length, 'queue') : '',
  ]
    .filter(Boolean)
    .join(', ');

function describeTest(test: ClusterTest): string {
  const scheduler = test.launchers.find((launcher) => launcher.name !== 'login');
  const use = homeUse(test);
  const forwarding = test.socketForwarding
    ? 'sockets can be forwarded'
    : test.portForwarding
      ? 'only ports can be forwarded'
      : 'forwarding is not allowed';
  return [
    scheduler ? testScheduler(scheduler) : 'No scheduler found: apps run on the login node',
    `${test.roundTrip < 10 ? test.roundTrip.toFixed(1) : Math.round(test.roundTrip)} ms`,
    `login node ${test.loginNode}`,
    forwarding,
    use === null ? '' : `home ${Math.round(use * 100)}% full`,
  ]
    .filter(Boolean)
    .join(', ');
}

type Test =
  | { state: 'idle' }
  | { state: 'running' }
  | { state: 'done'; result: ClusterTest }
  | { state: 'failed'; error: AppError };

/** A test of what the form holds; it ends with the dialog. */
export function useClusterTest() {
  const [test, setTest] = useState<Test>({ state: 'idle' });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  return {
    test,
    async run(input: ClusterInput): Promise<void> {
      setTest({ state: 'running' });
      const asked = new AbortController();
      running.current = asked;
      try {
        setTest({ state: 'done', result: await invoke('clusters.test', { input }, asked.signal) });
      } catch (error) {
        const failed = AppError.from(error);
        setTest(failed.code === 'cancelled' ? { state: 'idle' } : { state: 'failed', error: failed });
      } finally {
        running.current = null;
      }
    },
    cancel: () => running.current?.abort(),
    /** A result belongs to the input it was made with; a running test goes on. */
    reset: () => setTest((last) => (last.state === 'running' ? last : { state: 'idle' })),
  };
}

export function ClusterTestResult({ test, host }: { test: Test; host: string }) {
  const result = useRef<HTMLDivElement>(null);
  // With all fields shown it would appear below what is in sight.
  useEffect(() => {
    const element = result.current;
    if (test.state === 'idle' || !element) return;
    const show = () => element.scrollIntoView({ block: 'nearest' });
    show();
    // Fields that are being unfolded push it away.
    const unfolding = element.parentElement?.getAnimations({ subtree: true }) ?? [];
    const transitions = unfolding.filter((animation) => animation instanceof CSSTransition);
    void Promise.allSettled(transitions.map(({ finished }) => finished)).then(show);
  }, [test]);
  return (
    <div ref={result} role="status" className="hide-empty">
      {test.state === 'running' && (
        <span className="row text-secondary">
          <Loader size={14} /> Signing in to {host}
        </span>
      )}
      {test.state === 'done' && (
        <Note tone="ok">
          <strong className="bold">It works.</strong> {describeTest(test.result)}.
        </Note>
      )}
      {test.state === 'failed' && <ErrorNote error={test.error} title="The test failed" />}
    </div>
  );
}
