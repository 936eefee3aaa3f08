/** The gateway's own address on every view's origin; it says how the app can be reached. */
const STATUS = '/.tunel-gateway/status';
const CHANNEL = '/channel';
/** The gateway's close code for an app that cannot be used, with its reason. */
const FAILED = 4000;
/** Waits between tries, ms. */
const PAUSES = [300, 1000, 2000, 5000];

interface Status {
  state: 'up' | 'down' | 'ended';
  message: string;
}

/** How one connection went. */
export interface Outcome {
  /** It was open for use. */
  opened: boolean;
  /** The app's refusal; empty: it was lost, or not reached. */
  refused: string;
  /** Another try only when the user asks, under this heading. */
  parted?: string;
}

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

/** The cover over the screen: what is happening while there is no connection. */
export const cover = {
  show(title: string, message: string): void {
    element('cover').hidden = false;
    element('cover-title').textContent = title;
    element('cover-message').textContent = message;
    element('cover-again').hidden = true;
  },
  hide(): void {
    element('cover').hidden = true;
  },
  /** Resolves when the user wants it again. */
  offer(title: string, message: string): Promise<void> {
    this.show(title, message);
    const button = element<HTMLButtonElement>('cover-again');
    button.hidden = false;
    button.focus();
    return new Promise((resolve) => button.addEventListener('click', () => resolve(), { once: true }));
  },
};

/** Why a WebSocket of the gateway closed, when the app said so. */
export function refusalOf(event: CloseEvent): string {
  return event.code === FAILED ? event.reason : '';
}

export const channelUrl = (): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${CHANNEL}`;

async function askStatus(): Promise<Status> {
  try {
    const answer = await fetch(STATUS, { cache: 'no-store' });
    return (await answer.json()) as Status;
  } catch {
    return { state: 'down', message: 'Tunel itself does not answer.' };
  }
}

/** What to do after a connection ended. Pure. */
function nextStep(
  outcome: Outcome,
  status: Status,
): { kind: 'over' | 'ask' | 'again'; title: string; message: string } {
  if (outcome.parted !== undefined) return { kind: 'ask', title: outcome.parted, message: outcome.refused };
  if (status.state === 'ended') return { kind: 'over', title: 'This app has ended.', message: status.message };
  if (outcome.refused !== '') return { kind: 'ask', title: 'The app could not be opened.', message: outcome.refused };
  const message =
    status.state === 'down' && status.message !== '' ? status.message : 'The app does not answer at the moment.';
  return { kind: 'again', title: 'Reaching the app…', message: `${message} This page goes on by itself.` };
}

/** Connects, and again whenever the connection ends, until the app is over. */
export async function stayConnected(connect: () => Promise<Outcome>): Promise<void> {
  let tries = 0;
  cover.show('Reaching the app…', '');
  for (;;) {
    const outcome = await connect();
    if (outcome.opened) tries = 0;
    const next = nextStep(outcome, await askStatus());
    if (next.kind === 'over') return cover.show(next.title, next.message);
    if (next.kind === 'ask') {
      await cover.offer(next.title, next.message);
      cover.show('Reaching the app…', '');
    } else {
      cover.show(next.title, next.message);
      await new Promise((resolve) => setTimeout(resolve, PAUSES[Math.min(tries, PAUSES.length - 1)]));
      tries += 1;
    }
  }
}
