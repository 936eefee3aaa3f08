import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, type Bench, startApp, startGateway, Tunnel, targetOf, until, View } from './harness.ts';

const NAVIGATE = { 'sec-fetch-mode': 'navigate', accept: 'text/html' };

describe('while the tunnel is down', () => {
  let app: App;
  let bench: Bench;
  let tunnel: Tunnel;
  let view: View;
  let posts: string[];
  let pending: (() => void)[];

  beforeEach(async () => {
    posts = [];
    pending = [];
    app = await startApp((req, res) => {
      if (req.url === '/slow') {
        pending.push(() => res.end('slow answer'));
        return;
      }
      let body = '';
      req.on('data', (chunk) => {
        body += chunk;
      });
      req.on('end', () => {
        if (req.method === 'POST') posts.push(body);
        res.end(`page ${req.url}`);
      });
    });
    tunnel = new Tunnel(app.socketPath);
    bench = await startGateway();
    bench.gateway.add(targetOf('app1', tunnel));
    view = await View.open(bench.gateway.access('app1'));
    expect((await view.get('/first')).status).toBe(200);
  });

  afterEach(async () => {
    view.close();
    await bench.gateway.dispose();
    await app.close();
  });

  it('a page load sees the waiting page, with the words of the tunnel and nothing from elsewhere', async () => {
    tunnel.cut('down', 'The login node <b>does not answer</b>; trying again.');
    const answer = await view.get('/lab', NAVIGATE);
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.text).toContain('The login node &#60;b&#62;does not answer');
    expect(answer.text).not.toMatch(/(src|href)=/);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    const status = await view.get('/.tunel-gateway/status');
    expect(JSON.parse(status.text)).toEqual({ state: 'down', message: tunnel.message });
    tunnel.state = 'up';
    expect(JSON.parse((await view.get('/.tunel-gateway/status')).text).state).toBe('up');
    expect((await view.get('/lab', NAVIGATE)).text).toBe('page /lab');
  });

  it('what a page fetches is held and goes on after wake; a POST is sent once', async () => {
    tunnel.cut('down', 'Reconnecting.');
    const held = Promise.all([
      view.get('/api', { 'sec-fetch-mode': 'cors' }),
      view.send('/save', 'a draft', { 'sec-fetch-mode': 'cors' }),
      view.send('/form', 'a form', NAVIGATE),
    ]);
    const settled = await Promise.race([
      held.then(() => 'settled'),
      view.get('/.tunel-gateway/status').then(() => 'held'),
    ]);
    expect(settled).toBe('held');
    tunnel.state = 'up';
    const woken = Date.now();
    bench.gateway.wake('app1');
    expect((await held).map((answer) => answer.text)).toEqual(['page /api', 'page /save', 'page /form']);
    expect(Date.now() - woken).toBeLessThan(900);
    expect(posts.sort()).toEqual(['a draft', 'a form']);
  });

  it('a request that was under way is asked again after wake', async () => {
    const answer = view.get('/slow', { 'sec-fetch-mode': 'cors' });
    await until('the app has it', () => pending.length === 1);
    tunnel.cut('down', 'Reconnecting.');
    tunnel.state = 'up';
    bench.gateway.wake('app1');
    await until('the app has it again', () => pending.length === 2);
    pending[1]?.();
    expect((await answer).text).toBe('slow answer');
  });

  it('goes on without a wake as soon as the status says so', async () => {
    tunnel.cut('down', 'Reconnecting.');
    const answer = view.get('/api');
    tunnel.state = 'up';
    expect((await answer).text).toBe('page /api');
  });

  it('lets a held request go when the page gives up', async () => {
    tunnel.cut('down', 'Reconnecting.');
    const stream = view.stream('/api');
    stream.on('error', () => undefined);
    await view.get('/.tunel-gateway/status');
    stream.destroy(new Error('given up'));
    await until('it is closed', () => stream.closed);
    const opened = tunnel.opened;
    tunnel.state = 'up';
    bench.gateway.wake('app1');
    await view.get('/other');
    expect(tunnel.opened).toBe(opened + 1);
  });

  it('says that the app has ended, to what waits as well', async () => {
    tunnel.cut('down', 'Reconnecting.');
    const held = view.get('/api');
    await view.get('/.tunel-gateway/status');
    tunnel.cut('ended', 'The job reached its time limit.');
    bench.gateway.wake('app1');
    expect((await held).status).toBe(410);
    const page = await view.get('/lab', NAVIGATE);
    expect(page.status).toBe(410);
    expect(page.text).toContain('The job reached its time limit.');
  });

  it('goes another way when the app is added again, with the same secret and sockets', async () => {
    const other = await startApp((_req, res) => res.end('the other way'));
    const access = bench.gateway.access('app1');
    bench.gateway.add(targetOf('app1', new Tunnel(other.socketPath)));
    expect(bench.gateway.access('app1')).toEqual(access);
    expect((await view.get('/x')).text).toBe('the other way');
    await other.close();
  });

  it('says which app does not answer when the tunnel stands', async () => {
    await app.close();
    const answer = await view.get('/x');
    expect(answer.status).toBe(502);
    expect(answer.text).toContain('No answer at the socket.');
  });
});
