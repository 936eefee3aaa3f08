import { Spotlight } from '@mantine/spotlight';
import {
  IconAppWindow,
  IconArrowsLeftRight,
  IconBook2,
  IconEdit,
  IconFileText,
  IconFolder,
  IconKeyboard,
  IconListCheck,
  IconListSearch,
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
import { useEffect, useState } from 'react';
import { ownValue } from '../../../electron/shared/own-value.ts';
import { stroke } from '../../components/icons.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { useCover } from '../../components/use-cover.ts';
import { paletteStore, selectFirstHit } from '../../palette-store.ts';
import { useStore } from '../../store.ts';
import css from './palette.module.css';
import { type PaletteItem, search } from './palette-model.ts';
import { runAction } from './run-action.ts';

const icons: Record<string, TablerIcon> = {
  open: IconAppWindow,
  stop: IconPlayerStop,
  log: IconFileText,
  play: IconPlayerPlay,
  jobs: IconListCheck,
  files: IconFolder,
  recipes: IconBook2,
  server: IconServer2,
  settings: IconSettings,
  plus: IconPlus,
  refresh: IconRefresh,
  plug: IconPlug,
  connect: IconPlugConnected,
  edit: IconEdit,
  tunnel: IconArrowsLeftRight,
  keyboard: IconKeyboard,
  api: IconPlugConnected,
  audit: IconListSearch,
};

function PaletteRow({ item }: { item: PaletteItem }) {
  const Shown = ownValue(icons, item.icon) ?? IconPlayerPlay;
  return (
    <Spotlight.Action onClick={() => runAction(item.action)}>
      <span className={css.item}>
        <Shown size={16} stroke={stroke} aria-hidden />
        <span className={`${css.name} truncate`}>{item.label}</span>
        <span className={`${css.detail} text-sm text-tertiary truncate`} title={item.detail}>
          {item.detail}
        </span>
      </span>
    </Spotlight.Action>
  );
}

/** Selects the first hit whenever the hits are others. */
function FirstHit({ hits }: { hits: string }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: other hits begin with another first one
  useEffect(() => {
    // The list is known to the store once its own effects have run.
    const frame = requestAnimationFrame(selectFirstHit);
    return () => cancelAnimationFrame(frame);
  }, [hits]);
  return null;
}

function KeyHints() {
  return (
    <Spotlight.Footer>
      <span className="row text-sm text-tertiary">
        <Kbd keys="↑ ↓" /> choose <Kbd keys="↵" /> run <span className="grow" /> <Kbd keys=">" /> commands{' '}
        <Kbd keys="@" /> clusters
      </span>
    </Spotlight.Footer>
  );
}

// Goes on to the list's ScrollArea, though the list's own type does not tell: what scrolls must take the focus.
const scrolling = { viewportProps: { tabIndex: 0, 'aria-label': 'Found' } };

export function Palette() {
  const [query, setQuery] = useState('');
  const [open, setOpen] = useState(false);
  const instances = useStore((state) => state.instances);
  const jobs = useStore((state) => state.jobs);
  const recipes = useStore((state) => state.recipes);
  const clusters = useStore((state) => state.clusters);
  useCover(open);
  const items = open ? search({ instances, jobs, recipes, clusters }, query) : [];
  const groups = [...new Set(items.map((item) => item.group))];
  return (
    <Spotlight.Root
      store={paletteStore}
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
        <FirstHit hits={items.map(({ key }) => key).join('\n')} />
        {groups.map((group) => (
          <Spotlight.ActionsGroup key={group} label={group}>
            {items
              .filter((item) => item.group === group)
              .map((item) => (
                <PaletteRow key={item.key} item={item} />
              ))}
          </Spotlight.ActionsGroup>
        ))}
        {items.length === 0 && <Spotlight.Empty>Nothing matches. Try fewer letters.</Spotlight.Empty>}
      </Spotlight.ActionsList>
      <KeyHints />
    </Spotlight.Root>
  );
}
