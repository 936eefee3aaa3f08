// Runs one program with several values as jobs of a cluster, and collects the results.
//     node parameter-study.mjs [CLUSTER]
import { text } from 'node:stream/consumers';
import { connect, SignInNeededError } from 'tunel-desktop/sdk';

const program = `
import json, random, sys

points = int(sys.argv[1])
random.seed(points)
inside = sum(random.random() ** 2 + random.random() ** 2 < 1 for _ in range(points))
json.dump({"points": points, "pi": 4 * inside / points}, open("result.json", "w"))
`;

async function estimate(tunel, cluster, points) {
  const script = `#!/bin/sh\npython3 estimate.py ${points}\n`;
  const job = await tunel.jobs.create({ cluster, name: `pi ${points}`, script });
  await job.files.upload(Buffer.from(program), 'estimate.py');
  await job.submit();
  const { state, error } = await job.wait();
  if (state !== 'completed') throw new Error(error?.message ?? `The job is ${state}.`);
  const result = JSON.parse(await text(await job.files.read('result.json')));
  await job.remove();
  return result.pi;
}

const name = process.argv[2] ?? 'demo';
const tunel = await connect();
const cluster = await tunel.clusters.get(name);
try {
  await cluster.connect();
  const every = [100, 1000, 10_000];
  const found = await Promise.all(every.map((points) => estimate(tunel, cluster, points)));
  for (const [index, points] of every.entries()) console.log(`${points} points: ${found[index].toFixed(4)}`);
} catch (error) {
  if (!(error instanceof SignInNeededError)) throw error;
  console.error(`Sign in to ${name} first, in the app or with: tunel clusters connect ${name}`);
  process.exitCode = 1;
} finally {
  tunel.close();
}
