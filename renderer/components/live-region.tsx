import { useEffect, useState } from 'react';
import { listen } from '../bridge.ts';
import { useStore } from '../store.ts';
import { type Announcement, announcementOf, fullScreenHint } from '../text/announcement-policy.ts';
import { consentAnnouncement } from '../text/consent.ts';

const pause = 5000;

/** Says transitions to screen readers: failures and questions at once, the rest at most every five seconds. */
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
    const announce = ({ text, urgent: now }: Announcement) => {
      if (now) setUrgent(text);
      else waiting.push(text);
      if (waiting.length > 0 && timer === undefined) say();
    };
    const unlisten = listen('transition', (transition) => announce(announcementOf(transition)));
    const stop = useStore.subscribe(({ views, consents }, before) => {
      for (const consent of consents) {
        if (!before.consents.some(({ id }) => id === consent.id)) announce(consentAnnouncement(consent));
      }
      if (views.fullScreen && !before.views.fullScreen && before.loaded) announce(fullScreenHint);
    });
    return () => {
      stop();
      unlisten();
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
