import type { KeyboardEvent } from 'react';
import { settingsSchema } from '../../../electron/shared/state.ts';
import { stroke } from '../../components/icons.tsx';
import { useStore } from '../../store.ts';
import { type SettingsSection, settingsSections } from '../../ui-store.ts';
import { isChanged } from './search-settings.ts';
import { sectionLooks } from './sections.ts';
import { settingList } from './setting-list.tsx';
import css from './settings.module.css';

const defaults = settingsSchema.parse({});

/** Where an arrow key leads in the list, which stands beside the page or, where that is narrow, above it. */
function itemForKey(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return Math.min(at + 1, count - 1);
    case 'ArrowUp':
    case 'ArrowLeft':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const items = [...event.currentTarget.querySelectorAll('button')];
  const next = itemForKey(event.key, items.indexOf(event.target as HTMLButtonElement), items.length);
  if (next === null) return;
  event.preventDefault();
  items[next]?.focus();
}

/** How many settings of a page the user changed. */
function useChangedCount(section: SettingsSection): number {
  const settings = useStore((state) => state.settings);
  return settingList.filter(
    (entry) => entry.section === section && entry.setting !== undefined && isChanged(settings, defaults, entry.setting),
  ).length;
}

function SectionItem(props: { section: SettingsSection; isCurrent: boolean; onChoose: () => void }) {
  const { title, icon: Shown } = sectionLooks[props.section];
  const changed = useChangedCount(props.section);
  return (
    <button
      type="button"
      className={css.sectionItem}
      aria-current={props.isCurrent ? 'page' : undefined}
      onClick={props.onChoose}
    >
      <Shown size={16} stroke={stroke} aria-hidden />
      <span className="truncate">{title}</span>
      {changed > 0 && (
        <span className={css.sectionCount}>
          {changed}
          <span className="visually-hidden"> changed</span>
        </span>
      )}
    </button>
  );
}

/** The pages of the settings; the arrow keys go from one to the next. `current` null: none is shown. */
export function SectionList(props: { current: SettingsSection | null; onChoose: (section: SettingsSection) => void }) {
  return (
    <nav className={css.sections} aria-label="Settings sections" data-region="sections" onKeyDown={moveFocus}>
      {settingsSections.map((section) => (
        <SectionItem
          key={section}
          section={section}
          isCurrent={section === props.current}
          onChoose={() => props.onChoose(section)}
        />
      ))}
    </nav>
  );
}
