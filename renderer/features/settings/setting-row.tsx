import { IconRestore } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type Settings, settingsSchema } from '../../../electron/shared/state.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { Tag } from '../../components/tag.tsx';
import { useStore } from '../../store.ts';
import { saveSettings } from './save-settings.ts';
import { isChanged, markMatches } from './search-settings.ts';
import css from './settings.module.css';

const defaults = settingsSchema.parse({});

/** A text in which what was searched for is marked. */
function Marked({ text, query }: { text: string; query: string }) {
  if (query === '') return text;
  return markMatches(text, query).map((piece) =>
    piece.isMatch ? <mark key={piece.start}>{piece.text}</mark> : <span key={piece.start}>{piece.text}</span>,
  );
}

/** `changed`, and what takes the setting back; nothing for a setting that is as it was at first. */
function useReset(setting: keyof Settings | undefined, title: string) {
  const settings = useStore((state) => state.settings);
  if (setting === undefined || !isChanged(settings, defaults, setting)) return { tag: null, reset: null };
  return {
    tag: <Tag>changed</Tag>,
    reset: (
      <IconButton
        icon={IconRestore}
        size={26}
        label={`Reset ${title}`}
        onClick={() => saveSettings({ [setting]: defaults[setting] })}
      />
    ),
  };
}

/** One setting: its title and what it means at the start, its control at the end or, where that is wide, below. */
export function SettingRow(props: {
  id: string;
  title: string;
  description?: ReactNode;
  /** Which of the engine's settings it is. */
  setting?: keyof Settings | undefined;
  isWide?: boolean | undefined;
  query?: string;
  children?: ReactNode;
}) {
  const { id, title, description, query = '' } = props;
  const { tag, reset } = useReset(props.setting, title);
  return (
    <div id={`setting-${id}`} className={props.isWide ? `${css.setting} ${css.wide}` : css.setting}>
      <div className="grow">
        <div className="row wrap">
          <span className="medium">
            <Marked text={title} query={query} />
          </span>
          {tag}
        </div>
        {description !== undefined && description !== '' && (
          <div className="text-sm text-tertiary" id={`setting-${id}-text`}>
            {typeof description === 'string' ? <Marked text={description} query={query} /> : description}
          </div>
        )}
      </div>
      {(props.children !== undefined || reset) && (
        <div className={css.control}>
          {reset}
          {props.children}
        </div>
      )}
    </div>
  );
}

/** What a control needs of its row. */
export interface ControlProps {
  id: string;
  title: string;
}

/** A control's name and explanation, which its row shows. */
export const labelOf = ({ id, title }: ControlProps) => ({
  'aria-label': title,
  'aria-describedby': `setting-${id}-text`,
});

/** Several rows on one card, under a heading of their own where a page has more than one. */
export function SettingGroup({ title, note, children }: { title?: string; note?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title}>
      {title !== undefined && (
        <h3 className={css.groupHead}>
          {title}
          {note !== undefined && <span className={css.groupNote}>{note}</span>}
        </h3>
      )}
      <div className={css.card}>{children}</div>
    </section>
  );
}
