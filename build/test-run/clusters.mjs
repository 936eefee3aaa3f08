import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { runGroup } from '../setup/group.mjs';
import { root } from '../setup/paths.mjs';
import { failure } from './results.mjs';

/** What the tests use; slurm26 and htcondor25 come from Debian sid, which changes every day, and decide nothing. */
const names = ['slurm24', 'containers', 'login', 'slurm22', 'htcondor', 'gridengine'];

const logTail = 8;

/**
 * Starts the test clusters in the background: with an empty cache that takes minutes, more than a test's hook may.
 * `done` never rejects; `follow` prints what was said so far and what comes.
 * @param {{ log: string, limit: number, env: NodeJS.ProcessEnv }} options
 */
export function startClusters({ log, limit, env }) {
  const start = performance.now();
  const file = createWriteStream(log);
  let said = '';
  let isFollowed = false;
  const hear = (text) => {
    said += text;
    file.write(text);
    if (isFollowed) process.stdout.write(text);
  };
  const heard = [];
  const listen = (child) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', hear);
      heard.push(finished(stream));
    }
  };
  const up = runGroup('bash', [join(root, 'test/clusters/clusters.sh'), 'up', ...names], {
    cwd: root,
    env,
    limit,
    stdio: ['ignore', 'pipe', 'pipe'],
    endsItsOwn: true,
    onSpawn: listen,
  });
  const ended = up.catch((error) => {
    hear(`${error.message}\n`);
    return { code: 1, timedOut: false, interrupted: false };
  });
  const done = ended.then(async (end) => {
    await Promise.all(heard);
    file.end();
    const tail = said.trimEnd().split('\n').slice(-logTail).join('\n');
    const isUp = end.code === 0 && !end.timedOut;
    const name = end.timedOut ? 'stopped: over its time limit' : 'the test clusters did not start';
    const counts = isUp
      ? { passed: names.length, failed: [], skipped: [] }
      : { passed: 0, failed: [failure(name, [tail])], skipped: [] };
    const built = said.match(/: built image /g)?.length ?? 0;
    return { counts, interrupted: end.interrupted, milliseconds: performance.now() - start, built };
  });
  return {
    done,
    follow: () => {
      isFollowed = true;
      process.stdout.write(said);
    },
  };
}
