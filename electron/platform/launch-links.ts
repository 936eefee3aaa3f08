import { app } from 'electron';
import { linkAmong, linkScheme, maxLinkLength } from '../shared/launch-link.ts';

/**
 * Launch links from the system: this program's arguments at the start, a second start's, and macOS's own event. Only the last
 * one waits, until the page takes it. What it says is a stranger's and is judged there.
 */
export class LaunchLinks {
  #waiting: string | null = null;
  onLink: () => void = () => undefined;

  constructor() {
    app.on('open-url', (event, url) => {
      event.preventDefault();
      this.offer([url]);
    });
    app.on('second-instance', (_event, argv) => this.offer(argv));
    this.offer(process.argv.slice(1));
  }

  offer(argv: readonly string[]): void {
    const link = linkAmong(argv);
    if (link === null) return;
    // One character too many is refused as too long; more of it is of no use.
    this.#waiting = link.slice(0, maxLinkLength + 1);
    this.onLink();
  }

  take(): { url: string } | null {
    const url = this.#waiting;
    this.#waiting = null;
    return url === null ? null : { url };
  }
}

/** Only what is installed is registered: a checkout that is tried out changes nothing on the machine. */
export function registerLinks(): void {
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme);
}
