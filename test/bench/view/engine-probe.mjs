// Runs inside the engine's process, before the engine: answers on a socket how late its event loop is, and profiles it.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Session } from 'node:inspector';
import { constants, monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 1 });
let utilization = performance.eventLoopUtilization();
const collections = { full: 0, count: 0, ms: 0 };
new PerformanceObserver((list) => {
  for (const { detail, duration } of list.getEntries()) {
    collections.count += 1;
    collections.ms += duration;
    if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) collections.full += 1;
  }
}).observe({ entryTypes: ['gc'] });
const session = new Session();
session.connect();
const post = (method, params) =>
  new Promise((resolve, reject) =>
    session.post(method, params, (error, value) => (error ? reject(error) : resolve(value))),
  );

const actions = {
  async reset() {
    delay.reset();
    delay.enable();
    Object.assign(collections, { full: 0, count: 0, ms: 0 });
    utilization = performance.eventLoopUtilization();
  },
  async delay() {
    delay.disable();
    const ms = (value) => value / 1e6;
    return {
      p50: ms(delay.percentile(50)),
      p99: ms(delay.percentile(99)),
      max: ms(delay.max),
      busy: performance.eventLoopUtilization(utilization).utilization,
      collections: { ...collections },
    };
  },
  async profile() {
    await post('Profiler.enable');
    await post('Profiler.setSamplingInterval', { interval: 500 });
    await post('Profiler.start');
  },
  async 'end-profile'() {
    const { profile } = await post('Profiler.stop');
    const file = `${process.env.TUNEL_BENCH_PROFILES}/engine-${Date.now()}.cpuprofile`;
    writeFileSync(file, JSON.stringify(profile));
    return { file };
  },
};

if (process.env.TUNEL_BENCH_PROBE) {
  createServer((request, response) => {
    const action = actions[request.url.slice(1)];
    if (!action) return response.writeHead(404).end();
    action().then(
      (value) => response.end(JSON.stringify(value ?? null)),
      (error) => response.writeHead(500).end(String(error)),
    );
  }).listen(process.env.TUNEL_BENCH_PROBE);
}
