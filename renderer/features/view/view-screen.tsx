import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import type { ViewState } from '../../../electron/shared/state.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { ConsentBanner } from '../../components/consent-banner.tsx';
import empty from '../../components/empty.module.css';
import { LogPanel } from '../../components/log-panel.tsx';
import { Note } from '../../components/note.tsx';
import { ToastArea, Toasts } from '../../components/toasts.tsx';
import { useSavedLog } from '../../components/use-saved-log.ts';
import { useStore } from '../../store.ts';
import { isOver } from '../../text/instance.ts';
import { useUi } from '../../ui-store.ts';
import { Detached, OnTheWay, Over, PageError, Reconnecting } from './fillings.tsx';
import { FindBar } from './find-bar.tsx';
import { LoadingBar } from './loading-bar.tsx';
import { TabStrip } from './tab-strip.tsx';
import { Toolbar } from './toolbar.tsx';
import { useBounds, useStillPicture } from './use-placeholder.ts';
import { type Filling, fillingOf } from './view-policy.ts';
import css from './view-screen.module.css';

function Filled(props: { filling: Filling; view: ViewState; instance: Instance; cluster: ClusterState | undefined }) {
  const { filling, instance, cluster, view } = props;
  switch (filling) {
    case 'reconnecting':
      return <Reconnecting instance={instance} cluster={cluster} />;
    case 'on-the-way':
      return <OnTheWay instance={instance} />;
    case 'over':
      return <Over view={view} instance={instance} cluster={cluster} />;
    case 'detached':
      return <Detached view={view} instance={instance} />;
    case 'error':
      return <PageError text={view.error ?? ''} />;
    default:
      return null;
  }
}

/** What is not about the app: the engine restarting, and questions of other programs. */
function Notes() {
  const isRestarting = useStore((state) => state.system.engine === 'restarting');
  const isAsked = useStore((state) => state.consents.length > 0);
  return (
    <>
      {isRestarting && (
        <ToastArea inline>
          <Note tone="wait" role="status">
            <strong className="bold">The engine restarts.</strong> This page resumes by itself.
          </Note>
        </ToastArea>
      )}
      {isAsked && (
        <ToastArea inline>
          <ConsentBanner />
        </ToastArea>
      )}
    </>
  );
}

function Shown({
  view,
  instance,
  cluster,
  onLeave,
}: {
  view: ViewState;
  instance: Instance;
  cluster: ClusterState | undefined;
  onLeave: () => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const covers = useUi((state) => state.covers);
  const findOpen = useUi((state) => state.findOpen);
  const logOpen = useUi((state) => state.viewLogOpen);
  const filling = fillingOf(view, instance);
  useBounds(place, filling !== 'detached');
  const picture = useStillPicture(view.id, covers > 0 || filling !== 'page');
  const { title } = instance;
  const savedLog = useSavedLog(instance, logOpen);

  // The page takes the keys as soon as it is shown; F6 brings them back.
  useEffect(() => {
    if (filling === 'page')
      void attempt(`The view of ${title} did not take the focus`, invoke('views.focus', undefined));
  }, [filling, title]);

  return (
    <>
      <Toolbar view={view} instance={instance} cluster={cluster} onLeave={onLeave} />
      {findOpen && filling === 'page' && <FindBar view={view} />}
      {filling === 'page' && !view.painted && <LoadingBar key={view.title} instance={instance} />}
      <Notes />
      <Toasts inline />
      <main
        className={css.page}
        ref={place}
        aria-label={`Page of ${title}`}
        data-region={filling === 'page' ? 'view' : undefined}
      >
        {picture && (
          <img className={filling === 'page' ? css.still : `${css.still} ${css.faded}`} src={picture} alt="" />
        )}
        <Filled filling={filling} view={view} instance={instance} cluster={cluster} />
      </main>
      {logOpen && (
        <div className={css.drawer}>
          <LogPanel
            id={instance.id}
            kept={savedLog}
            live={!isOver(instance)}
            fill
            onClose={() => useUi.setState({ viewLogOpen: false })}
          />
        </div>
      )}
    </>
  );
}

/** One open view with its tabs and toolbar; the page itself is a native layer above the placeholder. */
export function ViewScreen({ viewId }: { viewId: string }) {
  const view = useStore((state) => state.views.list.find((entry) => entry.id === viewId));
  const instance = useStore((state) => state.instances.find((entry) => entry.id === view?.instanceId));
  const cluster = useStore((state) => state.clusters.find((entry) => entry.cluster.id === instance?.clusterId));
  const fullScreen = useStore((state) => state.views.fullScreen);
  const covered = useUi((state) => state.covers > 0);
  const [peek, setPeek] = useState(false);
  // Only the view has the keys then; F6 brings the toolbar back into sight.
  useEffect(() => {
    if (fullScreen && document.activeElement instanceof HTMLElement) document.activeElement.blur();
    setPeek(false);
  }, [fullScreen]);
  return (
    <div
      className={
        fullScreen
          ? peek || covered
            ? `${css.screen} ${css.full} ${css.peek}`
            : `${css.screen} ${css.full}`
          : css.screen
      }
    >
      {view && <TabStrip selected={view} />}
      {fullScreen && <div className={css.edge} aria-hidden onPointerEnter={() => setPeek(true)} />}
      {view && instance ? (
        <Shown key={viewId} view={view} instance={instance} cluster={cluster} onLeave={() => setPeek(false)} />
      ) : (
        <main className={empty.empty}>
          <h1>This app is not on the list any more</h1>
          <p>It was removed. Its view can be closed.</p>
          <Button onClick={() => attempt('The view did not close', invoke('views.close', { viewId }))}>
            Close the view
          </Button>
        </main>
      )}
    </div>
  );
}
