import { useEffect, useState } from 'react';

/** The time, renewed every `every` ms while `running`; a still screen costs nothing. */
export function useNow(running = true, every = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [running, every]);
  return now;
}
