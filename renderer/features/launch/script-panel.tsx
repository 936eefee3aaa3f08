import { IconCopy, IconLock } from '@tabler/icons-react';
import type { LaunchInput } from '../../../electron/shared/instances.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import code from '../../components/code.module.css';
import { ErrorNote } from '../../components/error-note.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { stroke } from '../../components/icons.tsx';
import surface from '../../components/surface.module.css';
import css from './script-panel.module.css';
import { usePreview } from './use-preview.ts';

function Line({ text }: { text: string }) {
  if (/^#(SBATCH|\$|PBS|BSUB)/.test(text)) {
    const [, word = '', rest = ''] = /^(\S+)(.*)$/s.exec(text) ?? [];
    return (
      <>
        <span className={css.directive}>{word}</span>
        {rest}
      </>
    );
  }
  if (text.trimStart().startsWith('#')) return <span className={css.comment}>{text}</span>;
  return <>{text}</>;
}

/** The script as it would be sent, and the command that starts it. */
export function ScriptPanel({ input, clusterName }: { input: LaunchInput | null; clusterName: string }) {
  const preview = usePreview(input);
  // What was read before is not what would run now.
  const isShown = input !== null && preview.error === null;
  return (
    <aside aria-label="What will run">
      <section className={`${surface.card} ${css.panel}`}>
        <div className={css.head}>
          <h2 className="text-sm bold">What will run</h2>
          <span className="text-sm text-tertiary truncate grow">{clusterName && `on ${clusterName}, as you`}</span>
          <IconButton
            icon={IconCopy}
            label="Copy the script"
            size={26}
            disabled={!isShown || preview.script === ''}
            onClick={() => attempt('The script was not copied', invoke('desktop.copy', { text: preview.script }))}
          />
        </div>
        {input === null ? (
          <p className="text-secondary" style={{ padding: 16 }}>
            Choose a cluster to see the script.
          </p>
        ) : preview.error ? (
          <div style={{ padding: 12, overflow: 'auto' }}>
            <ErrorNote error={preview.error} title="No script yet" />
          </div>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          <pre className={`${code.code} ${css.code}`} tabIndex={0} aria-busy={preview.loading}>
            {preview.script.split('\n').map((text, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place in the script
              <span key={index}>
                <Line text={text} />
                {'\n'}
              </span>
            ))}
          </pre>
        )}
        {isShown && preview.submit && (
          <div className={css.foot}>
            Started with <code className="mono">{preview.submit}</code>
          </div>
        )}
        <div className={`${css.foot} row`}>
          <IconLock size={14} stroke={stroke} aria-hidden /> Secrets never enter the script
        </div>
      </section>
    </aside>
  );
}
