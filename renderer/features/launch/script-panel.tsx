import { IconCopy, IconLock } from '@tabler/icons-react';
import type { LaunchInput } from '../../../electron/shared/instances.ts';
import { actions, attempt } from '../../actions.ts';
import { ErrorNote, IconButton, stroke } from '../../components/parts.tsx';
import { usePreview } from './use-preview.ts';

function Line({ text }: { text: string }) {
  if (/^#(SBATCH|\$|PBS|BSUB)/.test(text)) {
    const [, word = '', rest = ''] = /^(\S+)(.*)$/s.exec(text) ?? [];
    return (
      <>
        <span className="d">{word}</span>
        {rest}
      </>
    );
  }
  if (text.trimStart().startsWith('#')) return <span className="c">{text}</span>;
  return <>{text}</>;
}

/** The script as it would be sent, and the command that starts it. */
export function ScriptPanel({ input, clusterName }: { input: LaunchInput | null; clusterName: string }) {
  const preview = usePreview(input);
  // What was read before is not what would run now.
  const isShown = input !== null && preview.error === null;
  return (
    <aside aria-label="What will run">
      <section className="card script">
        <div className="script-head">
          <h2 className="s b">What will run</h2>
          <span className="s dimmer cut grow">{clusterName && `on ${clusterName}, as you`}</span>
          <IconButton
            icon={IconCopy}
            label="Copy the script"
            size={26}
            disabled={!isShown || preview.script === ''}
            onClick={() => attempt('The script was not copied', actions.copy(preview.script))}
          />
        </div>
        {input === null ? (
          <p className="dim" style={{ padding: 16 }}>
            Choose a cluster to see the script.
          </p>
        ) : preview.error ? (
          <div style={{ padding: 12, overflow: 'auto' }}>
            <ErrorNote error={preview.error} title="No script yet" />
          </div>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          <pre className="code" tabIndex={0} aria-busy={preview.loading}>
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
          <div className="script-foot">
            Started with <code className="mono">{preview.submit}</code>
          </div>
        )}
        <div className="script-foot row">
          <IconLock size={14} stroke={stroke} aria-hidden /> Secrets never enter the script
        </div>
      </section>
    </aside>
  );
}
