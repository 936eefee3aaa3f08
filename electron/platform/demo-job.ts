import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import { unlessAborted } from '../core/unless-aborted.ts';
import type { EngineLink } from '../ipc/engine-link.ts';
import type { StateRelay } from '../ipc/state-relay.ts';
import { AppError } from '../shared/errors.ts';
import { isJobOver, type Job } from '../shared/jobs.ts';
import { waitFor } from './demo-wait.ts';
import { takeWindowPicture } from './window-picture.ts';

export interface DemoJobDeps {
  relay: StateRelay;
  request: EngineLink['request'];
  window: BrowserWindow;
  /** Shows the page of a job with a file of its directory. */
  showJob(id: string, file: string): void;
  outputFolder: string;
  signal: AbortSignal;
}

const endLimit = 15_000;
const result = 'pi.svg';

/** π by more and more random points, as a picture; it needs nothing but a shell and awk. */
const script = `#!/bin/sh
awk 'BEGIN {
  srand(7)
  for (n = 1; n <= 4000; n++) {
    inside += rand() ^ 2 + rand() ^ 2 <= 1
    if (n % 20 == 0) line = line " " 40 + n / 8 "," 40 + 280 * (3.6 - 4 * inside / n)
  }
  print "<svg xmlns=\\"http://www.w3.org/2000/svg\\" viewBox=\\"0 0 580 320\\">"
  print "<rect width=\\"580\\" height=\\"320\\" fill=\\"white\\"/>"
  print "<path d=\\"M40 168.4H540\\" stroke=\\"#868ea0\\" stroke-dasharray=\\"4\\"/>"
  print "<polyline fill=\\"none\\" stroke=\\"#4450c8\\" stroke-width=\\"1.75\\" points=\\"" line "\\"/>"
  print "<text x=\\"40\\" y=\\"30\\" font-family=\\"sans-serif\\" font-size=\\"15\\">π by 4000 random points: " 4 * inside / 4000 "</text></svg>"
}' >${result}
`;

/** Resolves once the page shows the picture and has drawn it. */
const untilDrawn = `new Promise((done) => {
  const look = () => {
    const picture = document.querySelector('main img[alt="${result}"]');
    if (!picture?.complete || picture.naturalWidth === 0) requestAnimationFrame(look);
    else requestAnimationFrame(() => requestAnimationFrame(done));
  };
  look();
})`;

/** A batch job on the demo cluster from its script to its result, by the requests that the page makes; it leaves nothing. */
export async function runDemoJob(
  deps: DemoJobDeps,
  clusterId: string,
  limit: AbortSignal,
  say: (what: string) => void,
): Promise<void> {
  // The demo cluster is this computer: nothing is made in the home directory.
  mkdirSync(deps.outputFolder, { recursive: true });
  const input = { clusterId, name: 'pi', script, workDirectory: deps.outputFolder };
  const job = await deps.request('jobs.create', input);
  say(`job composed: ${job.name}, a draft in ${job.directory}`);
  try {
    await deps.request('jobs.submit', { id: job.id });
    say('job submitted');
    await untilOver(deps, job.id, limit);
    say('job done');
    await showResult(deps, job.id, limit, say);
  } finally {
    await removeJob(deps, job.id).catch((error: unknown) => say(`job not removed: ${AppError.from(error).message}`));
  }
}

const findJob = ({ relay }: DemoJobDeps, id: string): Job | undefined => relay.state.jobs.find((job) => job.id === id);

async function untilOver(deps: DemoJobDeps, id: string, limit: AbortSignal): Promise<void> {
  await waitFor(deps, limit, 'the end of the job', () => {
    const job = findJob(deps, id);
    if (job?.error) throw AppError.revive(job.error);
    return job?.state === 'completed' ? job : null;
  });
}

async function showResult(
  deps: DemoJobDeps,
  id: string,
  limit: AbortSignal,
  say: (what: string) => void,
): Promise<void> {
  deps.showJob(id, result);
  await unlessAborted(deps.window.webContents.executeJavaScript(untilDrawn), limit);
  say(`job result: ${result}, previewed`);
  const file = join(deps.outputFolder, 'tunel-demo-job.png');
  writeFileSync(file, await takeWindowPicture(deps.window));
  say(`screenshot: ${file}`);
}

/** It is asked to end before, where it goes on. */
async function removeJob(deps: DemoJobDeps, id: string): Promise<void> {
  const state = findJob(deps, id)?.state;
  if (state !== undefined && state !== 'new' && !isJobOver(state)) {
    await deps.request('jobs.cancel', { id });
    await waitFor(deps, AbortSignal.timeout(endLimit), 'the end of the job', () => {
      const job = findJob(deps, id);
      return job && !isJobOver(job.state) ? null : true;
    });
  }
  await deps.request('jobs.remove', { id });
}
