import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { isolatedPage } from '../../../../electron/shared/isolated-page.ts';
import pane from '../../pane-parts.module.css';
import css from './isolated-frame.module.css';

interface Props {
  /** Stays the same: a frame takes one page. */
  html: string;
  title: string;
  /** It is as high as its content, up to a limit. */
  fits?: boolean;
}

/** A lower or higher content scrolls in the frame. */
const LEAST_HEIGHT = 32;
const MOST_HEIGHT = 600;

const heightOf = (data: unknown): number | null =>
  typeof data === 'object' && data !== null && 'height' in data && typeof data.height === 'number' ? data.height : null;

/** HTML that came from a cluster, with its scripts, but without network and without any reach into the app. */
export function IsolatedFrame({ html, title, fits = false }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [hasLeft, setLeft] = useState(false);
  const [height, setHeight] = useState(LEAST_HEIGHT);
  useEffect(() => {
    if (!fits) return;
    const take = ({ source, data }: MessageEvent) => {
      const wanted = source !== null && source === frame.current?.contentWindow ? heightOf(data) : null;
      if (wanted !== null) setHeight(Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, Math.ceil(wanted) + 2)));
    };
    addEventListener('message', take);
    return () => removeEventListener('message', take);
  }, [fits]);
  useEffect(() => {
    if (fits) return;
    // The policy of this page stops it, and would leave an empty frame.
    const take = ({ effectiveDirective }: SecurityPolicyViolationEvent) => {
      if (effectiveDirective === 'frame-src') setLeft(true);
    };
    addEventListener('securitypolicyviolation', take);
    return () => removeEventListener('securitypolicyviolation', take);
  }, [fits]);
  if (hasLeft) {
    return (
      <div className={pane.notice}>
        <p>The page tried to go elsewhere, which is not possible here.</p>
        <Button onClick={() => setLeft(false)}>Show it again</Button>
      </div>
    );
  }
  return (
    <iframe
      ref={frame}
      className={css.frame}
      style={fits ? { blockSize: height } : undefined}
      sandbox="allow-scripts"
      src={isolatedPage}
      title={title}
      // Its origin is opaque, so it cannot be named.
      onLoad={() => frame.current?.contentWindow?.postMessage({ html }, '*')}
    />
  );
}
