import { Loader, MantineProvider } from '@mantine/core';
import { useEffect } from 'react';
import css from './app.module.css';
import { Banners } from './components/banners.tsx';
import { ContextMenu } from './components/context-menu.tsx';
import { Crash } from './components/crash.tsx';
import { Dialogs } from './components/dialogs.tsx';
import empty from './components/empty.module.css';
import { LiveRegion } from './components/live-region.tsx';
import { Rail } from './components/rail.tsx';
import { Toasts } from './components/toasts.tsx';
import { ClustersPage } from './features/clusters/clusters-page.tsx';
import { watchUnsaved } from './features/files/editing/watch-unsaved.ts';
import { FilesPage } from './features/files/files-page.tsx';
import { DropArea } from './features/folders/drop-area.tsx';
import { JobsPage } from './features/jobs/jobs-page.tsx';
import { useAskedJob } from './features/jobs/use-asked-job.ts';
import { LaunchPage } from './features/launch/launch-page.tsx';
import { useLaunchLinks } from './features/launch/use-launch-links.ts';
import { Palette } from './features/palette/palette.tsx';
import { Prompts } from './features/prompts/prompts.tsx';
import { RecipesPage } from './features/recipes/recipes-page.tsx';
import { RunningPage } from './features/running/running-page.tsx';
import { SettingsPage } from './features/settings/settings-page.tsx';
import { startListingKept } from './features/terminals/kept-store.ts';
import { startResuming } from './features/terminals/open-terminal.ts';
import { TerminalsPage } from './features/terminals/terminals-page.tsx';
import { TunnelsPage } from './features/tunnels/tunnels-page.tsx';
import { ViewScreen } from './features/view/view-screen.tsx';
import { startKeys } from './keys.ts';
import { useStore } from './store.ts';
import { cssVariablesResolver, theme } from './theme.ts';
import { useUi } from './ui-store.ts';

const pages = {
  running: RunningPage,
  jobs: JobsPage,
  files: FilesPage,
  recipes: RecipesPage,
  clusters: ClustersPage,
  settings: SettingsPage,
  terminals: TerminalsPage,
  tunnels: TunnelsPage,
};

function Page() {
  const page = useUi((state) => state.page);
  const launch = useUi((state) => state.launch);
  if (launch) return <LaunchPage key={launch.serial} launch={launch} />;
  const Shown = pages[page];
  return <Shown />;
}

function Frame() {
  // Before the engine has answered for the first time nothing is known, and nothing is said of what there is.
  const loaded = useStore(
    (state) => state.loaded && !(state.system.engine === 'starting' && state.clusters.length === 0),
  );
  return (
    <div className={css.app}>
      <Rail />
      <main className={css.main}>
        <Banners />
        {loaded ? (
          <Page />
        ) : (
          <div className={empty.empty} role="status">
            <Loader size="sm" />
            Starting the engine
          </div>
        )}
      </main>
    </div>
  );
}

export function App() {
  const scheme = useStore((state) => state.settings.theme);
  const selected = useStore((state) => state.views.selected);
  useEffect(startKeys, []);
  useEffect(startListingKept, []);
  useEffect(startResuming, []);
  useLaunchLinks();
  useEffect(watchUnsaved, []);
  useAskedJob();
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
      forceColorScheme={scheme === 'system' ? undefined : scheme}
    >
      <Crash>
        {selected === null ? <Frame /> : <ViewScreen viewId={selected} />}
        {selected === null && <Toasts />}
        <Dialogs />
        <Prompts />
        <Palette />
        <ContextMenu />
        <DropArea />
        <LiveRegion />
      </Crash>
    </MantineProvider>
  );
}
