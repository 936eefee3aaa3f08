import { expect } from 'vitest';
import type { RawData, WebSocket } from 'ws';
import { encodeFrame, encodeSize, FrameReader } from '../../../renderer/pages/terminal/frames.ts';
import type { GatewayClient } from '../../helpers/gateway-client.ts';
import { eventually } from '../../helpers/instance.ts';

/** The first message for which `test` holds, as text. */
function heard(socket: WebSocket, test: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.on('message', (data: RawData) => {
      const text = data.toString();
      if (test(text)) resolve(text);
    });
    socket.once('close', (code) => reject(new Error(`The WebSocket was closed with ${code}.`)));
  });
}

/** What a user does with each app once its page is there, as the page itself would ask for it. */
export const uses: Record<string, (view: GatewayClient) => Promise<void>> = {
  async shiny(view) {
    expect((await view.get('/')).text).toContain('Old Faithful');
    const socket = await view.webSocket('/websocket/');
    const drawn = heard(socket, (text) => text.includes('eruptions in 7 bars'));
    const data = { 'bars:shiny.number': 7, '.clientdata_output_summary_hidden': false };
    socket.send(JSON.stringify({ method: 'init', data }));
    expect(await drawn).toContain('272 eruptions in 7 bars');
    socket.close();
  },
  async dash(view) {
    expect((await view.get('/')).text).toContain('<title>A curve</title>');
    const answer = await view.send('POST', '/_dash-update-component', {
      output: 'curve.figure',
      outputs: { id: 'curve', property: 'figure' },
      inputs: [{ id: 'waves', property: 'value', value: 5 }],
      changedPropIds: ['waves.value'],
    });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('sin(5 x)');
  },
  async streamlit(view) {
    expect((await view.get('/')).text).toContain('Streamlit');
    const socket = await view.webSocket('/_stcore/stream', true, ['streamlit']);
    const shown = heard(socket, (text) => text.includes('**64**'));
    // A BackMsg with an empty rerun_script (field 11): what the page says first.
    socket.send(Buffer.from([0x5a, 0x00]));
    expect(await shown).toContain('8 × 8');
    socket.close();
  },
  async bokeh(view) {
    const begin = await view.get('/');
    expect(begin.status).toBe(302);
    const page = await view.get(String(begin.headers.location));
    expect(page.text).toContain('<title>A wave</title>');
    const [, token = ''] = /"token":"([^"]+)"/.exec(page.text) ?? [];
    const socket = await view.webSocket('/example/ws', true, ['bokeh', token]);
    expect(await heard(socket, (text) => text.includes('ACK'))).toContain('ACK');
    socket.close();
  },
  async fastapi(view) {
    expect((await view.get('/')).text).toContain('<h1>Load of ');
    expect(JSON.parse((await view.get('/api/load')).text)).toMatchObject({ cpus: expect.any(Number) });
    expect((await view.get('/docs')).text).toContain('/openapi.json');
  },
  async tensorboard(view) {
    expect((await view.get('/')).text).toContain('TensorBoard');
    expect(JSON.parse((await view.get('/data/environment')).text)).toMatchObject({ window_title: '' });
    const tags = await eventually(
      async () => JSON.parse((await view.get('/data/plugin/scalars/tags')).text),
      (found) => 'run1' in found,
    );
    expect(tags).toMatchObject({ run1: { loss: {} } });
  },
  async marimo(view) {
    expect((await view.get('/')).text).toMatch(
      /<h1>marimo \(stand-in\)<.*Mode: run<.*Notebook: \/home\/ada\/.*example\.py</,
    );
  },
  async 'matlab-proxy'(view) {
    expect((await view.get('/index.html')).text).toContain('MATLAB');
    const config = JSON.parse((await view.get('/get_env_config')).text);
    expect(config.authentication).toEqual({ enabled: true, status: true });
    expect(JSON.parse((await view.get('/start_matlab')).text)).toEqual({ license: '27000@license host' });
  },
  async rstudio(view) {
    expect((await view.get('/')).text).toMatch(/RStudio \(stand-in\).*Signed in as ada\..*R: \/usr\/bin\/R</);
  },
  async 'code-server'(view) {
    expect((await view.get('/')).text).toMatch(/code-server \(stand-in\).*Signed in\..*Folder: \/home\/ada\//);
  },
  async files(view) {
    const headers = { 'x-files': 'page' };
    expect((await view.send('PUT', '/raw?path=uploaded.txt', 'from here\n', { headers })).status).toBe(201);
    expect((await view.get('/raw?path=uploaded.txt')).text).toBe('from here\n');
    const told = JSON.parse((await view.get('/list?path=')).text);
    expect(told.entries).toContainEqual(expect.objectContaining({ name: 'uploaded.txt', size: 10 }));
    expect((await view.send('PUT', '/raw?path=other.txt', 'from elsewhere')).status).toBe(403);
  },
  async flask(view) {
    expect((await view.get('/')).text).toContain('Table summary');
    const answer = await view.upload('/', 'table', 'plants.csv', Buffer.from('name,height\nfern,3\nmoss,1\nelm,8\n'));
    expect(answer.text).toContain('plants.csv, 3 rows');
    expect(answer.text).toMatch(/height[\s\S]*<td>1\.0<\/td><td>3\.0<\/td><td>4\.0<\/td><td>8\.0<\/td>/);
  },
  async django(view) {
    const page = await view.get('/');
    expect(page.text).toContain('No notes yet.');
    const [, token = ''] = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(page.text) ?? [];
    expect(view.cookies.get('csrftoken')).toBeTruthy();
    const kept = await view.form('/', { text: 'über "alles" & <mehr>', csrfmiddlewaretoken: token });
    expect([kept.status, kept.headers.location]).toEqual([302, '/']);
    expect((await view.get('/')).text).toContain('über &quot;alles&quot; &amp; &lt;mehr&gt;');
    // Django's own guard still works behind the gateway.
    const forged = await view.form('/', { text: 'forged', csrfmiddlewaretoken: 'x'.repeat(64) });
    expect(forged.status).toBe(403);
  },
  async jupyter(view) {
    const kernel = await view.send('POST', '/api/kernels', { name: 'python3' });
    expect(kernel.status).toBe(201);
    const socket = await view.webSocket(`/api/kernels/${JSON.parse(kernel.text).id}/channels`);
    const result = heard(socket, (text) => text.includes('"42"'));
    const header = { msg_id: 'one', username: '', session: 'one', msg_type: 'execute_request', version: '5.3' };
    const content = { code: '6*7', silent: false, store_history: false, user_expressions: {}, allow_stdin: false };
    socket.send(JSON.stringify({ channel: 'shell', header, parent_header: {}, metadata: {}, content }));
    expect(await result).toContain('text/plain');
    socket.close();
  },
  async terminal(view) {
    const socket = await view.webSocket('/channel');
    let shown = '';
    const reader = new FrameReader();
    const answered = new Promise<void>((resolve, reject) => {
      socket.on('message', (data: Buffer) => {
        for (const { kind, payload } of reader.take(data)) {
          if (kind === 'D' || kind === 'S') shown += Buffer.from(payload);
        }
        if (shown.includes('here-42')) resolve();
      });
      socket.once('close', (code) => reject(new Error(`The terminal was closed with ${code}: ${shown}`)));
    });
    socket.send(encodeSize(80, 24));
    socket.send(encodeFrame('D', Buffer.from('echo here-"$((6*7))"\n')));
    await answered;
    socket.close();
  },
  async desktop(view) {
    const socket = await view.webSocket('/channel');
    expect(await heard(socket, (text) => text.startsWith('RFB '))).toMatch(/^RFB 003\.008\n/);
    socket.close();
  },
};
