import { describe, expect, test } from 'vitest';
import { InstanceLog } from '../../../electron/core/instances/instance-log.ts';
import { InstanceRecord } from '../../../electron/core/instances/instance-record.ts';
import type { LogEnd } from '../../../electron/core/instances/log-text.ts';
import { parseObservations } from '../../../electron/core/instances/observation.ts';

const nothing: LogEnd = { tail: '', span: null };
const noSecrets = () => [];

test('new text has the bytes of the file that it shows, whatever is masked in it', () => {
  const log = new InstanceLog(() => ['a-long-secret-of-its-own']);
  const fresh = log.tail.take(500, Buffer.from('token a-long-secret-of-its-own\n'));
  expect(fresh).toMatchObject({ offset: 500, next: 531 });
  expect(fresh && log.shownNews(fresh)).toEqual({ text: 'token ••••••\n', offset: 500, next: 531 });
  expect(log.tail.take(531, Buffer.from('end\n'))).toMatchObject({ offset: 531, next: 535 });
});

describe('a secret that is cut', () => {
  const secret = 'correct-horse-größe-42';
  const secrets = () => [secret];
  const text = `before ${secret} after\npass ${secret}\n`;

  test('by the ends of what is read at a time shows in no part, and every other byte in one', () => {
    const bytes = Buffer.from(text);
    for (const size of [1, 3, 7, 20]) {
      const log = new InstanceLog(secrets);
      let shown = '';
      let next = 0;
      for (let at = 0; at < bytes.length; at += size) {
        const fresh = log.tail.take(log.tail.next, bytes.subarray(log.tail.next, at + size));
        const news = fresh && log.shownNews(fresh);
        if (!news) continue;
        expect(news.offset).toBe(next);
        next = news.next;
        shown += news.text;
      }
      expect(shown, `${size} bytes at a time`).toBe('before •••••• after\npass ••••••\n');
    }
  });

  test('by where a reader begins and ends is masked there, and read on from its beginning', () => {
    const log = new InstanceLog(secrets);
    const until = text.indexOf(secret) + 9;
    const first = log.shownPart(0, text.slice(0, until));
    expect(first).toEqual({ text: 'before ', offset: 0, next: 7 });
    expect(log.shownPart(first.next, text.slice(first.next)).text).toBe('•••••• after\npass ••••••\n');
    expect(log.shownPart(until, text.slice(until)).text).toBe('•••••• after\npass ••••••\n');
    log.tail.take(100, Buffer.from(text.slice(until, -8)));
    expect(log.shownTail()).toBe('•••••• after\npass ');
  });

  test('is not waited for where the log has ended', () => {
    const log = new InstanceLog(secrets);
    const ended = (offset: number, end: string) => log.shownPart(offset, `the end: ${end}`, true);
    expect(log.shownPart(20, 'the end: c')).toEqual({ text: 'the end: ', offset: 20, next: 29 });
    expect(ended(20, 'c')).toEqual({ text: 'the end: c', offset: 20, next: 30 });
    expect(ended(0, 'c')).toEqual({ text: 'the end: c', offset: 0, next: 10 });
    expect(ended(20, 'correct-h')).toEqual({ text: 'the end: ••••••', offset: 20, next: 38 });
    expect(ended(0, 'correct-h')).toEqual({ text: 'the end: ••••••', offset: 0, next: 18 });
  });

  test('is known again from the directory of a launch by an earlier process', () => {
    const record = new InstanceRecord();
    const typed = Buffer.from('typed-into-the-form').toString('base64');
    const seen = parseObservations(`id abc\nexists 1\ntyped ${typed}\nlog 0 ${btoa('says typed-into-the-form\n')}\n`);
    const observation = seen.get('abc');
    if (!observation) throw new Error('nothing was seen');
    const fresh = record.takeObservation(observation, null, 0);
    expect(fresh && record.log.shownNews(fresh)?.text).toBe('says ••••••\n');
  });
});

describe('what is kept of a log, without its cluster', () => {
  test('is numbered as in the file, when this process read it', () => {
    const log = new InstanceLog(noSecrets);
    log.tail.take(1000, Buffer.from('größe\nend\n'));
    expect(log.keptPart(-100, nothing)).toEqual({ text: 'größe\nend\n', offset: 1000, next: 1012, size: 1012 });
    expect(log.keptPart(1008, nothing)).toEqual({ text: 'end\n', offset: 1008, next: 1012, size: 1012 });
    // From the middle of a character on: that one is left out.
    expect(log.keptPart(1003, nothing)).toMatchObject({ text: 'ße\nend\n', offset: 1004 });
    expect(log.keptPart(1012, nothing)).toEqual({ text: '', offset: 1012, next: 1012, size: 1012 });
    expect(log.keptPart(5000, nothing)).toEqual({ text: '', offset: 5000, next: 5000, size: 1012 });
    expect(log.keptPart(0, nothing)).toMatchObject({ text: 'größe\nend\n', offset: 1000 });
  });

  test('keeps these numbers for the next process', () => {
    const log = new InstanceLog(noSecrets);
    log.tail.take(0, Buffer.from(`${'x'.repeat(8000)}\n`));
    const saved = log.shownEnd(4096);
    expect(saved).toMatchObject({ span: { offset: 3905, next: 8001 } });
    const next = new InstanceLog(noSecrets);
    expect(next.keptPart(7999, saved)).toEqual({ text: 'x\n', offset: 7999, next: 8001, size: 8001 });
    expect(next.keptPart(8001, saved)).toEqual({ text: '', offset: 8001, next: 8001, size: 8001 });
    expect(next.keptPart(9000, saved)).toMatchObject({ text: '', offset: 9000, next: 9000 });
    expect(next.keptPart(100, saved)).toMatchObject({ text: saved.tail, offset: 3905, next: 8001 });
  });

  test('goes to a reader once, where a hidden secret has another length than what is shown', () => {
    const log = new InstanceLog(() => ['a-long-secret-of-its-own']);
    log.tail.take(500, Buffer.from('token a-long-secret-of-its-own\nend\n'));
    const saved = log.shownEnd(4096);
    expect(saved).toEqual({ tail: 'token ••••••\nend\n', span: { offset: 500, next: 535 } });
    const next = new InstanceLog(noSecrets);
    expect(next.keptPart(-100, saved)).toEqual({ text: saved.tail, offset: 500, next: 535, size: 535 });
    expect(next.keptPart(500, saved)).toEqual({ text: saved.tail, offset: 500, next: 535, size: 535 });
    expect(next.keptPart(520, saved)).toEqual({ text: '', offset: 520, next: 520, size: 535 });
  });

  test('goes to a reader that has nothing yet, where its place in the log is not known', () => {
    const log = new InstanceLog(noSecrets);
    const saved = { tail: 'first\nlast\n', span: null };
    expect(log.keptPart(-256, saved)).toMatchObject({ text: 'first\nlast\n' });
    expect(log.keptPart(-5, saved)).toMatchObject({ text: 'last\n' });
    expect(log.keptPart(0, saved)).toMatchObject({ text: 'first\nlast\n' });
    expect(log.keptPart(6, saved)).toEqual({ text: '', offset: 6, next: 6, size: 11 });
    expect(log.keptPart(70_000, saved)).toEqual({ text: '', offset: 70_000, next: 70_000, size: 70_000 });
    expect(log.keptPart(-256, nothing)).toEqual({ text: '', offset: 0, next: 0, size: 0 });
  });
});
