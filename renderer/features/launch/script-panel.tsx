import { useMediaQuery } from '@mantine/hooks';
import { IconChevronDown, IconChevronUp, IconCopy, IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import type { LaunchInput } from '../../../electron/shared/instances.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { stroke } from '../../components/icons.tsx';
import surface from '../../components/surface.module.css';
import { ScriptCode } from './script-code.tsx';
import css from './script-panel.module.css';
import { usePreview } from './use-preview.ts';

function Content({ preview, hasCluster }: { preview: ReturnType<typeof usePreview>; hasCluster: boolean }) {
  if (!hasCluster) return <p className={`${css.empty} text-secondary`}>Choose a cluster to see the script.</p>;
  if (preview.error) {
    return (
      <div className={css.error}>
        <ErrorNote error={preview.error} title="No script yet" />
      </div>
    );
  }
  return <ScriptCode text={preview.script} isBusy={preview.loading} />;
}

/** The script as it would be sent, and the command that starts it; where room is short it is folded at first. */
export function ScriptPanel({ input, clusterName }: { input: LaunchInput | null; clusterName: string }) {
  const preview = usePreview(input);
  const isNarrow = useMediaQuery('(max-width: 767px)', window.matchMedia('(max-width: 767px)').matches) ?? false;
  const [chosen, setChosen] = useState<boolean | null>(null);
  const isOpen = chosen ?? !isNarrow;
  // What was read before is not what would run now.
  const isShown = input !== null && preview.error === null;
  return (
    <aside aria-label="What will run">
      <section className={isOpen ? `${surface.card} ${css.panel}` : surface.card}>
        <div className={css.head}>
          <h2 className="text-sm bold no-shrink">What will run</h2>
          <span className="text-sm text-tertiary truncate grow">{clusterName && `on ${clusterName}, as you`}</span>
          <IconButton
            icon={IconCopy}
            label="Copy the script"
            size={26}
            disabled={!isShown || preview.script === ''}
            onClick={() => attempt('The script was not copied', invoke('desktop.copy', { text: preview.script }))}
          />
          <IconButton
            icon={isOpen ? IconChevronUp : IconChevronDown}
            label={isOpen ? 'Hide the script' : 'Show the script'}
            size={26}
            expanded={isOpen}
            onClick={() => setChosen(!isOpen)}
          />
        </div>
        {isOpen && (
          <>
            <Content preview={preview} hasCluster={input !== null} />
            {isShown && preview.submit && (
              <div className={css.foot}>
                Started with <code className="mono">{preview.submit}</code>
              </div>
            )}
            <div className={`${css.foot} row`}>
              <IconLock size={14} stroke={stroke} aria-hidden /> Secrets never enter the script
            </div>
          </>
        )}
      </section>
    </aside>
  );
}
