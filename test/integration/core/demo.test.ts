import http2 from 'node:http2';
import { connect as netConnect, type Socket } from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestCore, type TestCore } from '../../helpers/core.ts';

let open: TestCore;
beforeAll(async () => {
  open = await openTestCore({ demo: true });
});
afterAll(() => open.close());

describe('the demo cluster, without an account', () => {
  test('hello starts, is reached through the gateway and stops', async () => {
    await open.until('demo connected', ({ clusters }) =>
      clusters.some(({ cluster, connection }) => cluster.demo && connection.state === 'connected'),
    );
    const { id } = await open.request('instances.launch', {
      clusterId: 'demo',
      recipe: 'hello',
      args: { greeting: `Grüße "$(id)" 'x'` },
    });
    const instance = await open.until('hello ready', ({ instances }) =>
      instances.find((app) => app.id === id && (app.state === 'ready' || app.error !== null)),
    );
    expect(instance.error).toBeNull();
    expect(instance.state).toBe('ready');
    expect(instance.route?.kind).toBe('socket');

    const page = await get(id, '/');
    expect(page.status).toBe(200);
    expect(page.body).toContain('Grüße &quot;$(id)&quot; &#x27;x&#x27;');
    expect((await get(id, '/', false)).status).toBe(403);

    await open.request('instances.stop', { id });
    await open.until('hello ended', ({ instances }) => instances.find((app) => app.id === id && app.state === 'ended'));
    const facts = await open.request('instances.log', { id, offset: 0 });
    expect(facts.text).toContain('Listening on');
  });
});

/** One request as the view's partition makes it: CONNECT, pinned TLS, HTTP/2, the secret header. */
async function get(id: string, path: string, withSecret = true): Promise<{ status: number; body: string }> {
  const access = open.core.viewAccess(id);
  const socket = await tunnelTo(access.proxyPort, access.host);
  const secure = tls.connect({ socket, servername: access.host, ALPNProtocols: ['h2'], rejectUnauthorized: false });
  const session = http2.connect(access.origin, { createConnection: () => secure });
  try {
    const request = session.request({
      ':path': path,
      ...(withSecret ? { [access.secretHeader.name]: access.secretHeader.value } : {}),
    });
    let status = 0;
    request.on('response', (headers) => {
      status = headers[':status'] ?? 0;
    });
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    return { status, body };
  } finally {
    session.destroy();
  }
}

function tunnelTo(port: number, host: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = netConnect(port, '127.0.0.1', () =>
      socket.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`),
    );
    socket.once('error', reject);
    socket.once('data', (data) =>
      data.toString().startsWith('HTTP/1.1 200') ? resolve(socket) : reject(new Error(data.toString())),
    );
  });
}
