import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FromPage, ToPage } from '../../../electron/shared/stream-port.ts';
import { TerminalSession } from '../../../renderer/features/terminals/terminal-session.ts';
import type { TerminalState } from '../../../renderer/features/terminals/terminals-store.ts';

/** What the screen would pass on from the keyboard. */
let type: (bytes: Uint8Array<ArrayBuffer>) => void = () => undefined;
vi.mock('../../../renderer/features/terminals/terminal-screen.ts', () => ({
  TerminalScreen: class {
    size = { columns: 80, rows: 24 };
    constructor({ onInput }: { onInput: typeof type }) {
      type = onInput;
    }
    reset() {}
    dispose() {}
  },
}));

/** The engine's end of a stream that a page has asked for. */
interface Asked {
  name: string;
  heard: FromPage[];
  say(message: ToPage): void;
  /** Gives the page its port. */
  deliver(): void;
}

const kept = {
  ...{ id: 'aaaaaaaaaa', clusterId: 'hpc', node: 'login01', title: 'hpc', startedAt: 0 },
  ...{ running: null, isAttached: false },
};
const lost: ToPage = { kind: 'closed', value: { code: null, signal: null, left: null } };
let asked: Asked[];
let states: TerminalState['kind'][];
let ports: MessagePort[];

beforeEach(() => {
  asked = [];
  states = [];
  ports = [];
  const page = new EventTarget();
  const openStream = (name: string, _input: unknown, call: number) => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    const heard: FromPage[] = [];
    port2.onmessage = ({ data }: MessageEvent<FromPage>) => heard.push(data);
    const deliver = () =>
      page.dispatchEvent(
        Object.assign(new Event('message'), { source: page, data: { tunelStream: call }, ports: [port1] }),
      );
    asked.push({ name, heard, deliver, say: (message) => port2.postMessage(message) });
  };
  vi.stubGlobal('window', Object.assign(page, { tunel: { openStream } }));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  for (const port of ports) port.close();
});

const newSession = () => {
  const nothing = () => undefined;
  return new TerminalSession({
    ...{ title: 'hpc', target: { clusterId: 'hpc' }, kept },
    onState: ({ kind }) => states.push(kind),
    ...{ onKept: nothing, onTitle: nothing, onMatches: nothing, onCommand: nothing },
  });
};
const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = ({ heard }: Asked) =>
  heard.map((message) => (message.kind === 'bytes' ? new TextDecoder().decode(message.bytes) : '')).join('');
const stream = async (index: number): Promise<Asked> => {
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(index));
  const found = asked[index];
  if (!found) throw new Error('No such stream.');
  return found;
};

it('what is typed into a terminal that is opened again reaches it, while the older opening still ends', async () => {
  const session = newSession();
  const older = session.open();
  const first = await stream(0);
  const newer = session.open();
  type(bytesOf('make\r'));
  first.deliver();
  await older;
  const second = await stream(1);
  second.deliver();
  second.say({ kind: 'opened', value: {} });
  await vi.waitFor(() => expect(states.at(-1)).toBe('open'));
  type(bytesOf('exit\r'));
  await vi.waitFor(() => expect(textOf(second)).toBe('make\rexit\r'));
  expect(textOf(first)).toBe('');
  second.say({ kind: 'closed', value: { code: 0, signal: null, left: null } });
  await newer;
  expect(states).toEqual(['resuming', 'resuming', 'open', 'ended']);
});

it('one that was open ends when it is opened again, and says no more of its state', async () => {
  const session = newSession();
  const older = session.open();
  const first = await stream(0);
  first.deliver();
  first.say({ kind: 'opened', value: {} });
  await vi.waitFor(() => expect(states.at(-1)).toBe('open'));
  const newer = session.open();
  type(bytesOf('ls\r'));
  await older;
  const second = await stream(1);
  second.deliver();
  second.say({ kind: 'opened', value: {} });
  await vi.waitFor(() => expect(textOf(second)).toBe('ls\r'));
  expect(textOf(first)).toBe('');
  session.dispose();
  await newer;
  expect(states).toEqual(['resuming', 'open', 'resuming', 'open']);
});

it('a terminal that is lost is asked for again after a pause, and what is typed meanwhile reaches it', async () => {
  const session = newSession();
  const opening = session.open();
  const first = await stream(0);
  first.deliver();
  first.say({ kind: 'opened', value: {} });
  await vi.waitFor(() => expect(states.at(-1)).toBe('open'));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  first.say(lost);
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
  expect(states.at(-1)).toBe('resuming');
  type(bytesOf('ls\r'));
  expect(asked).toHaveLength(1);
  await vi.runAllTimersAsync();
  vi.useRealTimers();
  const second = await stream(1);
  second.deliver();
  second.say({ kind: 'opened', value: {} });
  await vi.waitFor(() => expect(textOf(second)).toBe('ls\r'));
  session.dispose();
  await opening;
});

it('a terminal that is closed while it waits is not asked for again', async () => {
  const session = newSession();
  const opening = session.open();
  const first = await stream(0);
  first.deliver();
  first.say({ kind: 'opened', value: {} });
  await vi.waitFor(() => expect(states.at(-1)).toBe('open'));
  first.say(lost);
  await vi.waitFor(() => expect(states.at(-1)).toBe('resuming'));
  session.dispose();
  await opening;
  expect(asked).toHaveLength(1);
});
