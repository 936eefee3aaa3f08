import { Spotlight } from '@mantine/spotlight';
import {
  IconAppWindow,
  IconArrowsLeftRight,
  IconBook2,
  IconEdit,
  IconFileText,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlug,
  IconPlugConnected,
  IconPlus,
  IconRefresh,
  IconSearch,
  IconServer2,
  IconSettings,
  type TablerIcon,
} from '@tabler/icons-react';
import { useState } from 'react';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { stroke } from '../../components/icons.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { useCover } from '../../components/use-cover.ts';
import { goTo } from '../../keys.ts';
import { useStore } from '../../store.ts';
import { ui, useUi } from '../../ui-store.ts';
import { askToStop, openView } from '../running/stop.ts';
import css from './palette.module.css';
import { type PaletteAction, search } from './palette-model.ts';

const icons: Record<string, TablerIcon> = {
  open: IconAppWindow,
  stop: IconPlayerStop,
  log: IconFileText,
  play: IconPlayerPlay,
  recipes: IconBook2,
  server: IconServer2,
  settings: IconSettings,
  plus: IconPlus,
  refresh: IconRefresh,
  plug: IconPlug,
  connect: IconPlugConnected,
  edit: IconEdit,
  tunnel: IconArrowsLeftRight,
};

function run(action: PaletteAction) {
  const { instances, views } = useStore.getState();
  const instance = 'id' in action ? instances.find((entry) => entry.id === action.id) : undefined;
  switch (action.do) {
    case 'open':
      if (instance) void openView(instance);
      break;
    case 'stop':
      if (instance) askToStop(instance);
      break;
    case 'log':
      goTo('running');
      if (!useUi.getState().openLogs.has(action.id)) ui.toggleLog(action.id);
      break;
    case 'launch':
      if (views.selected !== null) void attempt('The form did not open', invoke('views.select', { instanceId: null }));
      ui.launch(action.recipe);
      break;
    case 'connect':
      void attempt('It did not connect', invoke('clusters.connect', { id: action.id }));
      break;
    case 'disconnect':
      void attempt('It stays connected', invoke('clusters.disconnect', { id: action.id }));
      break;
    case 'edit-cluster':
      ui.open({ kind: 'cluster', id: action.id });
      break;
    case 'page':
      goTo(action.page);
      break;
    case 'add-cluster':
      ui.open({ kind: 'cluster', id: null });
      break;
    case 'open-tunnel':
      ui.open({ kind: 'tunnel' });
      break;
    case 'reload-recipes':
      void attempt('The recipes were not read', invoke('recipes.reload', undefined));
      break;
  }
}

// Goes on to the list's ScrollArea, though the list's own type does not tell: what scrolls must take the focus.
const scrolling = { viewportProps: { tabIndex: 0, 'aria-label': 'Found' } };

export function Palette() {
  const [query, setQuery] = useState('');
  const [open, setOpen] = useState(false);
  const instances = useStore((state) => state.instances);
  const recipes = useStore((state) => state.recipes);
  const clusters = useStore((state) => state.clusters);
  useCover(open);
  const items = open ? search({ instances, recipes, clusters }, query) : [];
  const groups = [...new Set(items.map((item) => item.group))];
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      onSpotlightOpen={() => setOpen(true)}
      onSpotlightClose={() => setOpen(false)}
      shortcut={null}
      scrollable
      maxHeight={420}
      size={640}
      radius={14}
      clearQueryOnClose
      overlayProps={{ blur: 0 }}
      attributes={{ content: { 'aria-label': 'Search or run' } }}
      transitionProps={{ duration: 120 }}
    >
      <Spotlight.Search
        aria-label="Search or run"
        placeholder="Search or run"
        leftSection={<IconSearch size={18} stroke={stroke} aria-hidden />}
        rightSection={<Kbd keys="Esc" />}
      />
      <Spotlight.ActionsList {...scrolling}>
        {groups.map((group) => (
          <Spotlight.ActionsGroup key={group} label={group}>
            {items
              .filter((item) => item.group === group)
              .map((item) => {
                const Shown = icons[item.icon] ?? IconPlayerPlay;
                return (
                  <Spotlight.Action key={item.key} onClick={() => run(item.action)}>
                    <span className={css.item}>
                      <Shown size={16} stroke={stroke} aria-hidden />
                      <span className={`${css.name} truncate`}>{item.label}</span>
                      <span className="text-sm text-tertiary truncate">{item.detail}</span>
                    </span>
                  </Spotlight.Action>
                );
              })}
          </Spotlight.ActionsGroup>
        ))}
        {items.length === 0 && <Spotlight.Empty>Nothing matches. Try fewer letters.</Spotlight.Empty>}
      </Spotlight.ActionsList>
      <Spotlight.Footer>
        <span className="row text-sm text-tertiary">
          <Kbd keys="↑ ↓" /> choose <Kbd keys="↵" /> run <span className="grow" /> <Kbd keys=">" /> commands{' '}
          <Kbd keys="@" /> clusters
        </span>
      </Spotlight.Footer>
    </Spotlight.Root>
  );
}
