import { describe, expect, it } from 'vitest';
import {
  formatAgo,
  formatAhead,
  formatDuration,
  formatFileTime,
  formatWhen,
  length,
  timeLeft,
} from '../../../renderer/text/time.ts';

const minute = 60_000;
const noon = new Date(2026, 2, 3, 12, 0, 0).getTime();

it.each([
  [new Date(2026, 2, 3, 9, 5), '09:05'],
  [new Date(2026, 1, 27, 9, 5), 'Fri 09:05'],
  [new Date(2026, 0, 27, 9, 5), '27 Jan 09:05'],
  [new Date(2024, 1, 3, 9, 5), '3 Feb 2024'],
])('a file of %s was changed %s', (at, words) => expect(formatFileTime(at.getTime(), noon)).toBe(words));

describe('durations', () => {
  it.each([
    [0, '0.0 s'],
    [412, '0.4 s'],
    [9_940, '9.9 s'],
    [9_960, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [728_000, '12 min'],
    [192 * minute, '3 h 12 min'],
    [28 * 60 * minute, '1 d 4 h'],
    [-5, '0.0 s'],
  ])('%d ms is %s', (ms, words) => expect(formatDuration(ms)).toBe(words));

  it.each([
    [45, '45 min'],
    [60, '1 h'],
    [90, '1 h 30 min'],
    [1440, '24 h'],
    [2940, '2 d 1 h'],
    [4320, '3 d'],
  ])('%d minutes are %s', (minutes, words) => expect(length(minutes)).toBe(words));
});

describe('times', () => {
  it('names the day only when it is another', () => {
    expect(formatWhen(noon, noon + minute)).toBe('12:00');
    expect(formatWhen(noon, noon + 24 * 60 * minute)).toBe('3 March, 12:00');
  });
  it('looks ahead and back', () => {
    expect(formatAhead(noon + 38 * minute, noon)).toBe('in 38 min');
    expect(formatAhead(noon + 190 * minute, noon)).toBe('in 3 h 10 min');
    expect(formatAhead(noon - minute, noon)).toBe('now');
    expect(formatAhead(noon + 50 * 60 * minute, noon)).toBe('in 2 days');
    expect(formatAgo(noon - 2000, noon)).toBe('just now');
    expect(formatAgo(noon - 40_000, noon)).toBe('40 s ago');
    expect(formatAgo(noon - 12 * minute, noon)).toBe('12 min ago');
  });
});

describe('time left', () => {
  it('says nothing where no end is known', () => {
    expect(timeLeft({ startedAt: noon, endsAt: null }, noon)).toBeNull();
  });
  it('counts down and warns below 30 and 10 minutes', () => {
    const job = { startedAt: noon - 48 * minute, endsAt: noon + 192 * minute };
    expect(timeLeft(job, noon)).toEqual({ text: '3 h 12 min', of: '4 h', share: 0.8, level: 'ok' });
    expect(timeLeft({ ...job, endsAt: noon + 29 * minute }, noon)?.level).toBe('wait');
    expect(timeLeft({ ...job, endsAt: noon + 9 * minute }, noon)).toMatchObject({ text: '9 min', level: 'short' });
    expect(timeLeft({ ...job, endsAt: noon - minute }, noon)?.text).toBe('0 min');
  });
});
