import { type BrowserWindow, dialog, shell } from 'electron';
import { AppError } from '../shared/errors.ts';
import { isExternal } from './navigation-policy.ts';
import { mayAsk, type Refusal } from './question-policy.ts';

const browserLink = /^http:\/\/[a-z0-9-]+\.localhost:\d{1,5}\//;
let asking = false;
let refusal: Refusal | null = null;

/** What a page wants to open: dropped where the user has just refused it, for a page could ask without end. */
export async function openForPage(url: string, parent: BrowserWindow | null): Promise<void> {
  const host = URL.canParse(url) ? new URL(url).host : '';
  if (mayAsk(refusal, host, Date.now())) await openExternal(url, parent);
}

/** Asks, naming the host, then opens the user's browser. One question at a time: a page could pile them up. */
export async function openExternal(url: string, parent: BrowserWindow | null): Promise<void> {
  const target = URL.canParse(url) ? new URL(url) : null;
  if (!target || !isExternal(target)) {
    throw new AppError('not-permitted', 'Only https addresses are opened in the browser.', { detail: url });
  }
  if (asking) return;
  asking = true;
  try {
    const question = {
      type: 'question' as const,
      message: `Open ${target.host} in your browser?`,
      // As it will be opened: no line breaks, and no letters that turn the direction of the text.
      detail: target.href.length > 500 ? `${target.href.slice(0, 500)}…` : target.href,
      buttons: ['Open', 'Cancel'],
      defaultId: 0,
      cancelId: 1,
      noLink: true,
    };
    const { response } = await (parent ? dialog.showMessageBox(parent, question) : dialog.showMessageBox(question));
    if (response === 0) await shell.openExternal(target.href);
    else refusal = { host: target.host, at: Date.now() };
  } finally {
    asking = false;
  }
}

/** Opens a one-time link of our gateway: the user asked for exactly this, so there is no further question. */
export async function openBrowserLink(url: string): Promise<void> {
  if (!browserLink.test(url)) throw new AppError('internal', 'The link to the app is not one of this computer.');
  await shell.openExternal(url);
}
