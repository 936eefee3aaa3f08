import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ErrorNote } from '../../components/error-note.tsx';
import { Note } from '../../components/note.tsx';
import { describeEnd, describeNotKept } from './end-text.ts';
import { sessionOf } from './open-terminal.ts';
import type { TerminalTab } from './terminals-store.ts';

function OpenButton({ id, children }: { id: number; children: ReactNode }) {
  const open = () => {
    const session = sessionOf(id);
    session.screen.focus();
    void session.open();
  };
  return (
    <Button size="xs" onClick={open}>
      {children}
    </Button>
  );
}

/** What becomes of a terminal, with what one can do about it; nothing while all is well. */
export function TerminalOutcome({ tab: { id, state, kept } }: { tab: Pick<TerminalTab, 'id' | 'state' | 'kept'> }) {
  const [isNoticed, setNoticed] = useState(false);
  const node = kept?.node ?? '';
  switch (state.kind) {
    case 'opening':
      return <Note tone="go">Opening the terminal</Note>;
    case 'open':
      if (!state.notKept || isNoticed) return null;
      return (
        <Note tone="off" role="status" onClose={() => setNoticed(true)}>
          {describeNotKept(state.notKept)}
        </Note>
      );
    case 'resuming':
      return (
        <Note tone="wait" role="status">
          Resuming the terminal on {node}. It keeps running there meanwhile.
        </Note>
      );
    case 'away':
      if (state.error) return <ErrorNote error={state.error} action={<OpenButton id={id}>Resume</OpenButton>} alert />;
      return (
        <Note tone="off" role="status" action={<OpenButton id={id}>Resume</OpenButton>}>
          Disconnected. The terminal keeps running on {node}.
        </Note>
      );
    case 'taken':
      return (
        <Note tone="off" role="status" action={<OpenButton id={id}>Show it here</OpenButton>}>
          Another window or command shows this terminal now.
        </Note>
      );
    case 'ended':
      return (
        <Note
          tone={state.code === 0 ? 'off' : 'wait'}
          role="status"
          action={<OpenButton id={id}>Open again</OpenButton>}
        >
          {describeEnd(state)}
        </Note>
      );
    case 'failed':
      return <ErrorNote error={state.error} action={<OpenButton id={id}>Open again</OpenButton>} alert />;
  }
}
