import RFB from '@novnc/novnc';
import { channelUrl, cover, type Outcome, refusalOf, stayConnected } from '../common/stay-connected.ts';
import { pasteKey } from './paste-policy.ts';

const CONTROL_LEFT = 0xffe3;
const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const screenElement = element('screen');
const dialog = element<HTMLDialogElement>('clipboard-dialog');
const share = element<HTMLInputElement>('share');
const text = element<HTMLTextAreaElement>('text');
const size = element<HTMLSelectElement>('size');
const note = element('note');
const catcher = element<HTMLTextAreaElement>('catcher');

let rfb: RFB | null = null;
/** The paste key that is down: it goes to the desktop after the text. */
let pasting: ReturnType<typeof pasteKey> = null;

share.checked = localStorage.getItem('share-clipboard') !== 'no';
size.value = localStorage.getItem('size') ?? 'follow';

function applySize(): void {
  if (!rfb) return;
  rfb.resizeSession = size.value === 'follow';
  rfb.scaleViewport = size.value !== 'actual';
  rfb.clipViewport = size.value === 'actual';
}

function say(words: string): void {
  note.textContent = words;
}

async function receive(copied: string): Promise<void> {
  if (!share.checked) return;
  text.value = copied;
  try {
    await navigator.clipboard.writeText(copied);
    say(`${copied.length} characters came to your clipboard.`);
  } catch {
    say('Text was copied on the desktop: take it from “Clipboard”.');
  }
}

function connect(): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = new WebSocket(channelUrl());
    const now = new RFB(screenElement, socket, { shared: true });
    const outcome: Outcome = { opened: false, refused: '' };
    socket.addEventListener('close', (event) => {
      outcome.refused = refusalOf(event);
      // noVNC tidies up on the same event, before or after this.
      setTimeout(() => resolve(outcome), 0);
    });
    now.background = 'transparent';
    now.showDotCursor = true;
    now.addEventListener('connect', () => {
      outcome.opened = true;
      rfb = now;
      applySize();
      cover.hide();
      if (!dialog.open) now.focus();
    });
    now.addEventListener('disconnect', () => {
      rfb = null;
    });
    now.addEventListener('securityfailure', ({ detail }) => {
      outcome.refused = detail.reason ?? 'The desktop refused the connection.';
    });
    now.addEventListener('clipboard', ({ detail }) => void receive(detail.text));
    now.addEventListener('desktopname', ({ detail }) => {
      document.title = detail.name;
    });
  });
}

// Chromium gives the clipboard's text with the user's own paste, and asks no permission for it; but only where one can write.
window.addEventListener(
  'keydown',
  (event) => {
    if (!rfb || dialog.open || !share.checked) return;
    const key = pasteKey(event);
    if (!key || !screenElement.contains(document.activeElement)) return;
    pasting = key;
    event.stopImmediatePropagation();
    catcher.focus();
    // With nothing to paste there is no event.
    setTimeout(() => rfb?.focus(), 0);
  },
  { capture: true },
);
document.addEventListener('paste', (event) => {
  if (!rfb || dialog.open || !share.checked) return;
  event.preventDefault();
  const pasted = event.clipboardData?.getData('text/plain') ?? '';
  if (pasted !== '') rfb.clipboardPasteFrom(pasted);
  const key = pasting ?? { keysym: 0x76, code: 'KeyV', withControl: true };
  pasting = null;
  if (key.withControl) rfb.sendKey(CONTROL_LEFT, 'ControlLeft', true);
  rfb.sendKey(key.keysym, key.code);
  if (key.withControl) rfb.sendKey(CONTROL_LEFT, 'ControlLeft', false);
});

share.addEventListener('change', () => {
  localStorage.setItem('share-clipboard', share.checked ? 'yes' : 'no');
  say(share.checked ? 'The clipboard is shared.' : 'The clipboard is not shared.');
});
size.addEventListener('change', () => {
  localStorage.setItem('size', size.value);
  applySize();
  rfb?.focus();
});
element('ctrl-alt-del').addEventListener('click', () => {
  rfb?.sendCtrlAltDel();
  rfb?.focus();
});
element('clipboard').addEventListener('click', () => {
  rfb?.blur();
  dialog.showModal();
});
element('send').addEventListener('click', () => {
  rfb?.clipboardPasteFrom(text.value);
  dialog.close();
  say('The text is on the desktop’s clipboard.');
});
element('close').addEventListener('click', () => dialog.close());
dialog.addEventListener('close', () => rfb?.focus());

void stayConnected(connect);
