import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import { channelUrl, cover, type Outcome, refusalOf, stayConnected } from '../common/stay-connected.ts';
import { encodeDrawn, encodeFrame, encodeSize, type Frame, FrameReader } from './frames.ts';
import { dark, light } from './themes.ts';

const isDark = matchMedia('(prefers-color-scheme: dark)');
const mac = navigator.platform.startsWith('Mac');
const terminal = new Terminal({
  fontFamily: '"JetBrains Mono", ui-monospace, monospace',
  fontSize: 13,
  scrollback: 10_000,
  cursorBlink: true,
  theme: isDark.matches ? dark : light,
});
const fit = new FitAddon();
const encoder = new TextEncoder();
const decoder = new TextDecoder();

let socket: WebSocket | null = null;
/** While the old screen is drawn, the terminal's answers to old questions must not reach the shell. */
let replaying = false;
let ended: string | null = null;

const send = (frame: Uint8Array<ArrayBuffer>): void => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(frame);
};

function draw(bytes: Uint8Array, then: () => void = () => undefined): void {
  terminal.write(bytes, () => {
    send(encodeDrawn(bytes.length));
    then();
  });
}

/** @returns words when the connection is over by this frame */
function take({ kind, payload }: Frame): Partial<Outcome> | null {
  if (kind === 'D') draw(payload);
  else if (kind === 'S') {
    replaying = true;
    terminal.reset();
    draw(payload, () => {
      replaying = false;
    });
  } else if (kind === 'X') {
    ended = decoder.decode(payload);
    terminal.write(`\r\n\x1b[2mThe shell ended with exit code ${ended}.\x1b[0m\r\n`);
  } else if (kind === 'T') {
    return { parted: 'This terminal is open elsewhere.', refused: 'Only one window shows it at a time.' };
  }
  return null;
}

function connect(): Promise<Outcome> {
  return new Promise((resolve) => {
    const now = new WebSocket(channelUrl());
    now.binaryType = 'arraybuffer';
    const reader = new FrameReader();
    let outcome: Outcome = { opened: false, refused: '' };
    now.addEventListener('open', () => {
      socket = now;
      fit.fit();
      send(encodeSize(terminal.cols, terminal.rows));
    });
    now.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
      for (const frame of reader.take(new Uint8Array(data))) {
        if (!outcome.opened) {
          outcome.opened = true;
          cover.hide();
          terminal.focus();
        }
        outcome = { ...outcome, ...take(frame) };
      }
    });
    now.addEventListener('close', (event) => {
      socket = null;
      replaying = false;
      const refused = outcome.refused || refusalOf(event);
      resolve({ ...outcome, refused });
    });
  });
}

async function start(): Promise<void> {
  // Measured before the font is there, every cell would have another width.
  await document.fonts.load('13px "JetBrains Mono"');
  terminal.loadAddon(fit);
  terminal.open(document.getElementById('screen') as HTMLElement);
  fit.fit();
  terminal.onData((data) => {
    if (!replaying) send(encodeFrame('D', encoder.encode(data)));
  });
  terminal.onBinary((data) => {
    if (!replaying)
      send(
        encodeFrame(
          'D',
          Uint8Array.from(data, (char) => char.charCodeAt(0)),
        ),
      );
  });
  terminal.onResize(({ cols, rows }) => send(encodeSize(cols, rows)));
  terminal.onTitleChange((title) => {
    document.title = title || 'Terminal';
  });
  terminal.attachCustomKeyEventHandler((event) => {
    const chord = mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && event.shiftKey;
    if (!chord || event.altKey) return true;
    // The browser then pastes by itself, as the terminal wants it.
    if (event.code === 'KeyV') return false;
    if (event.code !== 'KeyC' || !terminal.hasSelection()) return event.code !== 'KeyC';
    event.preventDefault();
    if (event.type === 'keydown') void navigator.clipboard.writeText(terminal.getSelection());
    return false;
  });
  new ResizeObserver(() => fit.fit()).observe(document.getElementById('screen') as HTMLElement);
  isDark.addEventListener('change', () => {
    terminal.options.theme = isDark.matches ? dark : light;
  });
  await stayConnected(async () => {
    const outcome = await connect();
    return ended === null
      ? outcome
      : {
          ...outcome,
          parted: 'The shell has ended.',
          refused: `Its exit code was ${ended}. Start the app again for a new one.`,
        };
  });
}

void start();
