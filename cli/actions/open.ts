import { spawn } from 'node:child_process';
import { AppError } from '../../electron/shared/errors.ts';
import { isUp } from '../../electron/shared/instance-policy.ts';
import { message } from '../../electron/shared/messages.ts';
import { untilInterrupted, withEngineState } from '../engine-session.ts';
import { isSettled, isSettledIn } from '../find-in-state.ts';
import { findInstance } from '../find-instance.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson, printProgress } from '../output.ts';
import { untilReached } from '../wait-for-connection.ts';

export interface OpenOptions extends JsonOption {
  print?: boolean;
}

export function openApp(id: string, { json, print }: OpenOptions): Promise<void> {
  return withEngineState({ resumes: true, demo: 'if-used' }, async (session) => {
    const app = await findInstance(session, id);
    const ready = await untilReached(session, app, (now) => isUp(now.state) || isSettled(now));
    if (isSettled(ready)) {
      throw new AppError('not-ready', message`${{ title: ready.title }} is ${{ state: ready.state }}.`, {
        hint: 'Start it again with: tunel run-app',
      });
    }
    const { url } = await session.request('instances.browserLink', { id: app.id });
    if (json) printJson({ id: app.id, url });
    else if (print) process.stdout.write(`${url}\n`);
    else {
      openInBrowser(url);
      printProgress(`${app.title} is open in your browser. Ctrl-C closes the tunnel; the app keeps running.`);
    }
    await untilInterrupted(session, (state) => isSettledIn(state, app.id));
  });
}

function openInBrowser(url: string): void {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(command, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => process.stdout.write(`${url}\n`));
  child.unref();
}
