import { type RefObject, useEffect, useState } from 'react';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';

/** Tells the main process where the page leaves room for the view, in CSS pixels of the window, whenever that moves. */
export function useBounds(place: RefObject<HTMLElement | null>, active: boolean): void {
  useEffect(() => {
    const element = place.current;
    if (!element || !active) return;
    let last = '';
    const tell = () => {
      const { x, y, width, height } = element.getBoundingClientRect();
      const bounds = { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
      const text = JSON.stringify(bounds);
      if (text === last) return;
      last = text;
      void attempt('The view was not placed', invoke('views.setBounds', bounds));
    };
    const observer = new ResizeObserver(tell);
    observer.observe(element);
    window.addEventListener('resize', tell);
    tell();
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', tell);
    };
  }, [place, active]);
}

/** The still picture that stands for the view while something of ours is above it; null when there is none. */
export function useStillPicture(viewId: string, covered: boolean): string | null {
  const [picture, setPicture] = useState<{ of: string; url: string | null } | null>(null);
  useEffect(() => {
    let stale = false;
    invoke('views.cover', { covered }).then(
      ({ picture: url }) => {
        if (!stale) setPicture(covered ? { of: viewId, url } : null);
      },
      () => {
        // Without a picture the place stays empty; the view itself says why it failed.
        if (!stale) setPicture(null);
      },
    );
    return () => {
      stale = true;
    };
  }, [viewId, covered]);
  return picture?.of === viewId ? picture.url : null;
}
