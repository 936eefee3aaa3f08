import { formatMinutes as length } from '../../electron/shared/format.ts';

export { length };

/** Durations and times in words. All inputs in ms; clock times follow the given locale and zone. */

const pad = (value: number) => String(value).padStart(2, '0');

/** `0.4 s`, `18 s`, `12 min`, `3 h 12 min`, `2 d 4 h`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : length(Math.floor(whole / 60));
}

/** `14:20`. */
export function formatClock(at: number): string {
  const date = new Date(at);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

const sameDay = (a: number, b: number) => new Date(a).toDateString() === new Date(b).toDateString();

/** `14:20` today, else `3 December, 14:20`. */
export function formatWhen(at: number, now: number): string {
  if (sameDay(at, now)) return formatClock(at);
  const day = new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long' });
  return `${day}, ${formatClock(at)}`;
}

/** As short as a column needs: `14:20` today, `Fri 14:20` within a week, `22 Nov 14:20` this year, else `3 Feb 2024`. */
export function formatFileTime(at: number, now: number): string {
  if (sameDay(at, now)) return formatClock(at);
  const part = (style: Intl.DateTimeFormatOptions) => new Date(at).toLocaleDateString('en-GB', style);
  if (at < now && now - at < 6 * 86_400_000) return `${part({ weekday: 'short' })} ${formatClock(at)}`;
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  if (isThisYear) return `${part({ day: 'numeric', month: 'short' })} ${formatClock(at)}`;
  return part({ day: 'numeric', month: 'short', year: 'numeric' });
}

/** `today`, `yesterday`, `Monday` within a week, else `3 December`. */
export function formatDay(at: number, now: number): string {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  if (days < 1) return 'today';
  if (days === 1) return 'yesterday';
  const style: Intl.DateTimeFormatOptions = days < 7 ? { weekday: 'long' } : { day: 'numeric', month: 'long' };
  return new Date(at).toLocaleDateString('en-GB', style);
}

/** `in 38 min`, `in 3 h 10 min`, `now`. */
export function formatAhead(at: number, now: number): string {
  const minutes = Math.round((at - now) / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 1440) return `in ${length(minutes)}`;
  const days = Math.round(minutes / 1440);
  return days === 1 ? 'in a day' : `in ${days} days`;
}

/** `just now`, `40 s ago`, `12 min ago`, `14:20`. */
export function formatAgo(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  return formatWhen(at, now);
}

/** How an end time is shown: text, share of the whole, and how near it is. */
export function timeLeft(job: { startedAt: number | null; endsAt: number | null }, now: number) {
  if (job.endsAt === null) return null;
  const left = Math.max(0, job.endsAt - now);
  const whole = job.startedAt === null ? null : job.endsAt - job.startedAt;
  const level: 'ok' | 'wait' | 'short' = left < 10 * 60_000 ? 'short' : left < 30 * 60_000 ? 'wait' : 'ok';
  return {
    text: length(Math.ceil(left / 60_000)),
    of: whole === null ? null : length(Math.round(whole / 60_000)),
    share: whole === null || whole <= 0 ? null : Math.min(1, left / whole),
    level,
  };
}
