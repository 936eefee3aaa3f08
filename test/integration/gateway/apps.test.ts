import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createTlsServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCertificate } from '../../../electron/core/gateway/certificate.ts';
import { type App, type Bench, openSocket, startApp, startGateway, Tunnel, targetOf, until, View } from './harness.ts';

/** One thread, HTTP/1.0, a backlog of 5: the weakest server people do run. */
const PYTHON = `
import http.server, socketserver, sys
class Handler(http.server.SimpleHTTPRequestHandler):
    def address_string(self): return 'socket'
    def log_message(self, *args): pass
    def do_POST(self):
        body = self.rfile.read(int(self.headers['content-length']))
        self.send_response(200); self.end_headers(); self.wfile.write(body)
class Server(socketserver.UnixStreamServer):
    request_queue_size = 5
    def get_request(self):
        request, _ = super().get_request()
        return request, ('socket', 0)
Server(sys.argv[1], Handler).serve_forever()
`;

describe('python3 http.server behind the gateway', () => {
  let folder: string;
  let app: ChildProcess;
  let bench: Bench;
  let view: View;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gw-'));
    const path = join(folder, 's');
    app = spawn('python3', ['-c', PYTHON, path], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    await until('it listens', () =>
      openSocket(path).then(
        (socket) => Boolean(socket.destroy()),
        () => false,
      ),
    );
    bench = await startGateway();
    bench.gateway.add(targetOf('python', new Tunnel(path)));
    view = await View.open(bench.gateway.access('python'));
  });

  afterAll(async () => {
    view.close();
    await bench.gateway.dispose();
    app.kill();
    await once(app, 'exit');
    await rm(folder, { recursive: true, force: true });
  });

  it('answers 60 requests at once although it takes one at a time, and never hangs on a spare channel', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => view.get('/')));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect((await view.send('/', 'posted', { 'content-length': 6 })).text).toBe('posted');
    expect((await view.get('/missing')).status).toBe(404);
  });
});

describe('an app that serves https', () => {
  let bench: Bench;
  let folder: string;
  let server: Server;
  let path: string;
  let view: View;

  async function serve(): Promise<void> {
    const { key, cert } = await createCertificate('app.test', Date.now());
    server = createTlsServer({ key, cert }, (req, res) => res.end(`secure ${req.headers.origin} ${req.url}`));
    await new Promise<void>((resolve) => server.listen(path, resolve));
  }

  async function stop(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gw-'));
    path = join(folder, 's');
    await serve();
    bench = await startGateway();
    bench.gateway.add(targetOf('secure', new Tunnel(path), { scheme: 'https' }));
    view = await View.open(bench.gateway.access('secure'));
  });

  afterEach(async () => {
    view.close();
    await bench.gateway.dispose();
    await stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is pinned at first use; another certificate later is refused in words', async () => {
    const first = await view.get('/x', { origin: view.access.origin });
    expect(first.text).toBe('secure https://localhost /x');
    await stop();
    await serve();
    const changed = await view.get('/y');
    expect(changed.status).toBe(502);
    expect(changed.text).toContain('another certificate');
  });
});

describe('where an app begins', () => {
  let app: App;
  let bench: Bench;

  beforeAll(async () => {
    app = await startApp((req, res) => res.end(`page ${req.url}`));
    bench = await startGateway();
  });

  afterAll(async () => {
    await bench.gateway.dispose();
    await app.close();
  });

  it('an app under a prefix is entered there, and its paths stay as they are', async () => {
    bench.gateway.add(targetOf('based', new Tunnel(app.socketPath), { basePath: '/node/x', path: '/lab' }));
    const view = await View.open(bench.gateway.access('based'));
    const root = await view.get('/');
    expect([root.status, root.headers.location]).toEqual([302, '/node/x/lab']);
    expect((await view.get('/node/x/lab')).text).toBe('page /node/x/lab');
    view.close();
  });

  it('{host} shows the app the view’s own host', async () => {
    const own = await startApp((req, res) => res.end(`${req.headers.host} ${req.headers.origin}`));
    bench.gateway.add(targetOf('own', new Tunnel(own.socketPath), { host: '{host}' }));
    const view = await View.open(bench.gateway.access('own'));
    const answer = await view.get('/', { origin: view.access.origin });
    expect(answer.text).toBe('own.apps.internal http://own.apps.internal');
    view.close();
    await own.close();
  });
});
