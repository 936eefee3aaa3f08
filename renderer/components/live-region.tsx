import { useEffect, useState } from 'react';
import { useStore } from '../store.ts';
import { announcements } from '../words/announce-policy.ts';

const pause = 5000;

/** Says changes of state to screen readers: failures and prompts at once, the rest at most every five seconds. */
export function LiveRegion() {
  const [polite, setPolite] = useState('');
  const [urgent, setUrgent] = useState('');
  useEffect(() => {
    let waiting: string[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const say = () => {
      timer = undefined;
      if (waiting.length === 0) return;
      setPolite(waiting.join(' '));
      waiting = [];
      timer = setTimeout(say, pause);
    };
    const stop = useStore.subscribe((after, before) => {
      if (!before.loaded) return;
      for (const { text, urgent: now } of announcements(before, after)) {
        if (now) setUrgent(text);
        else waiting.push(text);
      }
      if (waiting.length > 0 && timer === undefined) say();
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);
  return (
    <>
      <div className="visually-hidden" role="status" aria-live="polite">
        {polite}
      </div>
      <div className="visually-hidden" role="alert" aria-live="assertive">
        {urgent}
      </div>
    </>
  );
}
