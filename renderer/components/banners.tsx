import { useEffect, useRef, useState } from 'react';
import { attempt } from '../attempt.ts';
import { invoke } from '../bridge.ts';
import { useStore } from '../store.ts';
import css from './banners.module.css';
import { ConsentBanner } from './consent-banner.tsx';
import { Note } from './note.tsx';

/** What belongs to no card: questions of programs, the engine restarting, files that could not be read. */
export function Banners() {
  const system = useStore((state) => state.system);
  const loaded = useStore((state) => state.loaded);
  const loadError = useStore((state) => state.loadError);
  const restarting = system.engine === 'restarting';
  const was = useRef(restarting);
  const [back, setBack] = useState(false);
  useEffect(() => {
    if (was.current && system.engine === 'running') setBack(true);
    was.current = restarting;
  }, [restarting, system.engine]);

  const isAsked = useStore((state) => state.consents.length > 0);
  const notes = [
    isAsked && <ConsentBanner key="consent" />,
    restarting && !system.notices.some((notice) => notice.id === 'engine-down') && (
      <Note key="restarting" tone="wait" role="status">
        <strong className="bold">The engine restarts.</strong> Apps on clusters keep running; Tunel finds them again in
        a moment.
      </Note>
    ),
    !restarting && back && (
      <Note key="back" tone="go" role="status" onClose={() => setBack(false)}>
        <strong className="bold">The engine restarted.</strong> It asks the clusters again for the apps that run there.
      </Note>
    ),
    loadError && loaded && !restarting && (
      <Note key="load" tone="bad" role="alert">
        <strong className="bold">The engine does not answer.</strong> {loadError.message} Trying again.
      </Note>
    ),
    ...system.notices.map((notice) => (
      <Note
        key={notice.id}
        tone={notice.kind === 'warning' ? 'wait' : 'go'}
        role="status"
        onClose={() => attempt('The message stays', invoke('notices.dismiss', { id: notice.id }))}
      >
        <strong className="bold">{notice.title}</strong> {notice.text}
      </Note>
    )),
  ].filter(Boolean);
  return notes.length === 0 ? null : <div className={css.banners}>{notes}</div>;
}
