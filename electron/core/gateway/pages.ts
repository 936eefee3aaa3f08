import { randomBytes } from 'node:crypto';
import { OWN_PREFIX } from './access-policy.ts';

/** A page of the gateway's own, ready to be sent. Nothing in it comes from elsewhere; messages are escaped. */
export interface OwnPage {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

const STYLE = `:root{color-scheme:light dark;--ground:#fff;--ink:#1f2328;--quiet:#59636e;--accent:#0b6e99}
@media(prefers-color-scheme:dark){:root{--ground:#16191d;--ink:#e6e9ec;--quiet:#9aa4ae;--accent:#5cb8e0}}
html{height:100%}body{margin:0;min-height:100%;display:grid;place-content:center;padding:2rem;box-sizing:border-box;
background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:34rem}h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:.25rem 0;color:var(--quiet)}a{color:var(--accent)}
i{display:block;height:3px;margin-top:1.25rem;border-radius:2px;background:linear-gradient(90deg,transparent,var(--accent),
transparent);background-size:40% 100%;background-repeat:no-repeat;animation:go 1.6s linear infinite}
@keyframes go{from{background-position:-60% 0}to{background-position:160% 0}}
@media(prefers-reduced-motion:reduce){i{animation:none;background-position:50% 0}}`;

/** Asks the gateway until the app can be reached, shows its message meanwhile, then loads the page that was wanted. */
const RESUME = `const message=document.getElementById('message');let fails=0;
async function ask(){try{const answer=await fetch('${OWN_PREFIX}status',{cache:'no-store'});const now=await answer.json();
fails=0;if(now.state!=='down'){location.reload();return}message.textContent=now.message}catch{if(++fails>20){location.reload();
return}}setTimeout(ask,1000)}setTimeout(ask,1000);`;

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function page(status: number, title: string, content: string, script = ''): OwnPage {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    ...(script ? [`script-src 'nonce-${nonce}'`, "connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; ');
  const noScript = script ? '<noscript><meta http-equiv="refresh" content="3"></noscript>' : '';
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>${noScript}<style nonce="${nonce}">${STYLE}</style>
<main><h1>${escapeHtml(title)}</h1>${content}</main>${script ? `<script nonce="${nonce}">${script}</script>` : ''}</html>`,
  };
}

/** Shown while the tunnel is down; goes on to the wanted page by itself. */
export function waitingPage(message: string): OwnPage {
  const content = `<p id="message" role="status">${escapeHtml(message)}</p>
<p>This page goes on by itself as soon as the app can be reached.</p><i aria-hidden="true"></i>`;
  const made = page(503, 'Reaching the app…', content, RESUME);
  return { ...made, headers: { ...made.headers, 'retry-after': '2' } };
}

/** `again`: a link that loads the same address; only where that repeats nothing. */
export function messagePage(status: number, title: string, message: string, again: boolean): OwnPage {
  const link = again ? '<p><a href="">Try again</a></p>' : '';
  return page(status, title, `<p>${escapeHtml(message)}</p>${link}`);
}

/** The same for what is not a page. */
export function plainAnswer(status: number, message: string): OwnPage {
  const retry: Record<string, string> = status === 503 ? { 'retry-after': '2' } : {};
  return {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...retry,
    },
    body: `${message}\n`,
  };
}

export function statusAnswer(status: { state: string; message: string }): OwnPage {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
    body: JSON.stringify({ state: status.state, message: status.message }),
  };
}

export function redirectAnswer(location: string): OwnPage {
  return { status: 302, headers: { location, 'cache-control': 'no-store' }, body: '' };
}
