import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Activity } from '../../../electron/core/api/activity.ts';
import { openLimits } from '../../../electron/core/api/open-limit.ts';
import type { RouteDeps } from '../../../electron/core/api/route-context.ts';
import { createRoutes } from '../../../electron/core/api/routes.ts';
import { sendBytes } from '../../../electron/core/api/serve-download.ts';
import { owner } from '../../../electron/shared/tokens.ts';

const clock = { now: () => 0, sleep: async () => undefined };
const { signal } = new AbortController();

test.each(['/v1/events', '/v1/clusters/c1/events'])('HEAD of %s begins no subscription', async (path) => {
  const activity = new Activity();
  const deps = {
    ...{ core: {}, clock, activity, open: openLimits(), stopping: signal, logger: { error: () => undefined } },
    admission: { token: 'owner-token', isHost: () => true, version: '1', onRefused: () => undefined },
  };
  const incoming = { headers: { host: 'tunel', authorization: 'Bearer owner-token' } };
  const answer = await createRoutes(deps as unknown as RouteDeps).request(path, { method: 'HEAD' }, { incoming });
  expect([answer.status, activity.count('clients')]).toEqual([404, 0]);
});

test('HEAD of an archive reads none of it', async () => {
  const data = new PassThrough();
  const sent: unknown[] = [];
  const response = {
    writeHead(status: number) {
      sent.push(status);
      return { end: () => void sent.push('end') };
    },
    write: () => sent.push('bytes'),
  };
  data.write('bytes');
  await sendBytes(response as unknown as ServerResponse, {
    ...{
      method: 'HEAD',
      header: () => undefined,
      context: { caller: owner, signal },
      clock,
      media: 'application/x-tar',
    },
    headers: {},
    open: async () => ({ opened: {}, data, stderr: null, closed: Promise.resolve({}), control: () => undefined }),
  });
  expect([sent, data.destroyed]).toEqual([[200, 'end'], true]);
});
