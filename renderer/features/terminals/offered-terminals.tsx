import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useEffect } from 'react';
import empty from '../../components/empty.module.css';
import { stroke } from '../../components/icons.tsx';
import { ui } from '../../ui-store.ts';
import { describeKept } from './end-text.ts';
import { listAllKept, useOfferedTerminals } from './kept-store.ts';
import { closeKept, resumeTerminal } from './open-terminal.ts';
import css from './terminals-page.module.css';

/** What the page has without a terminal of its own: those that went on, to resume or to close. */
export function OfferedTerminals() {
  const offered = useOfferedTerminals();
  useEffect(listAllKept, []);
  if (offered.length === 0) {
    return (
      <div className={empty.empty}>
        <h2>No terminals</h2>
        <p>A terminal is a shell on a cluster, or where a running app runs.</p>
      </div>
    );
  }
  const now = Date.now();
  return (
    <section className={css.offered} aria-labelledby="offered-terminals">
      <h2 id="offered-terminals">Still running</h2>
      <ul>
        {offered.map((kept) => (
          <li key={kept.id} className="row">
            <span className={css.offeredName}>
              <strong className="truncate">{kept.title}</strong>
              <span className="truncate text-secondary">{describeKept(kept, now)}</span>
            </span>
            <Button
              aria-label={`Close ${kept.title} ${describeKept(kept, now)}`}
              onClick={() =>
                ui.confirm({
                  title: `Close the terminal on ${kept.title}?`,
                  text: `${kept.running ?? 'What runs in it'} will be ended.`,
                  action: 'Close the terminal',
                  run: () => closeKept(kept),
                })
              }
            >
              Close
            </Button>
            <Button
              leftSection={<IconPlayerPlay size={16} stroke={stroke} aria-hidden />}
              aria-label={`Resume ${kept.title} ${describeKept(kept, now)}`}
              onClick={() => resumeTerminal(kept)}
            >
              Resume
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
