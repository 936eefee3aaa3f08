import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { rescaleCluster } from '../../../electron/core/folders/rescale-script.ts';
import { writeStarter } from '../../../electron/core/folders/starter.ts';
import { type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import type { GatewayClient } from '../../helpers/gateway-client.ts';
import { eventually } from '../../helpers/instance.ts';
import { OwnFolders } from './own-folders.ts';
import { installWheels } from './python-wheels.ts';

const shipped = join(import.meta.dirname, '../../../recipes');
// Streamlit maps much more than it uses.
const onNode = { options: ['--nodelist=c1'], memory: 600 };

let own: OwnFolders;
let info: ClusterInfo;
let wheels: string;

vi.setConfig({ maxConcurrency: 4 });
beforeAll(async () => {
  info = await upCluster('slurm22');
  wheels = await installWheels(info, 'c1');
  own = await OwnFolders.on(info, 'slurm', wheels);
});
afterAll(() => own?.close());

/** What `tunel new` writes, as a folder of the user's. */
function starter(kind: string): string {
  const { path } = writeStarter(shipped, kind, `my-${kind}`, dirname(own.path('x')));
  return join(path, 'files');
}

/** Waits for a message that holds words. */
function heard(socket: WebSocket, words: string): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.on('message', (data) => String(data).includes(words) && resolve(String(data)));
    socket.once('close', (code) => reject(new Error(`The WebSocket was closed with ${code} before “${words}”.`)));
  });
}

/** What a Streamlit page asks for first, a run of its script; rejects when what comes does not hold these words. */
async function shows(view: GatewayClient, words: string): Promise<void> {
  const socket = await view.webSocket('/_stcore/stream', true, ['streamlit']);
  try {
    let all = '';
    const drawn = new Promise<void>((resolve, reject) => {
      socket.on('message', (data) => {
        all += String(data);
        // The last of the page; the end of the run may come before it is drawn whole.
        if (all.includes('vegaLite') || all.includes('Frequency')) resolve();
      });
      socket.once('close', (code) => reject(new Error(`The WebSocket was closed with ${code}.`)));
    });
    // A BackMsg with an empty rerun_script (field 11).
    socket.send(Buffer.from([0x5a, 0x00]));
    await drawn;
    if (!all.includes(words)) throw new Error(`The page does not show “${words}”.`);
  } finally {
    socket.close();
  }
}

describe('an environment made by pip from requirements.txt, and the app in its view:', () => {
  test.concurrent('dash of tunel new', async () => {
    const path = starter('dash');
    const { id, recipe } = await own.save(path, 'dash');
    const app = await own.launch(recipe, onNode);
    // The log of a running app is read now and then.
    await eventually(
      () => own.log(app.id),
      (log) => /Successfully installed dash-4/.test(log),
    );
    const view = own.view(app.id);
    expect((await view.get('/')).text).toContain('<title>My dash</title>');
    const answer = await view.send('POST', '/_dash-update-component', {
      output: 'graph.figure',
      outputs: { id: 'graph', property: 'figure' },
      inputs: [{ id: 'frequency', property: 'value', value: 5 }],
      changedPropIds: ['frequency.value'],
    });
    expect(answer.text).toContain('5 turns');
    await own.sendChange(id, join(path, 'wave_model.py'), '# shorter\n');
    view.close();
    await own.stop(app.id);
  });

  test.concurrent('streamlit of tunel new, which a watch starts again with each save', async () => {
    const path = starter('streamlit');
    const { id, recipe } = await own.save(path, 'streamlit');
    const app = await own.launch(recipe, onNode);
    // The cluster's own environment has it.
    await eventually(
      () => own.log(app.id),
      (log) => /already satisfied: streamlit/.test(log),
    );
    const view = own.view(app.id);
    expect((await view.get('/')).text).toContain('Streamlit');
    await shows(view, 'My streamlit');
    await own.open.request('folders.watch', { instanceId: app.id, on: true });
    const text = readFileSync(join(path, 'app.py'), 'utf8').replaceAll('My streamlit', 'Saved a moment ago');
    writeFileSync(join(path, 'app.py'), text);
    await eventually(
      () =>
        shows(view, 'Saved a moment ago').then(
          () => true,
          () => false,
        ),
      (isShown) => isShown,
    );
    // The page may show what was sent before the report of it is there.
    const report = await eventually(
      async () => own.state(id)?.reports[0],
      (newest) => newest?.sentFiles === 1,
    );
    expect(report).toMatchObject({ sentFiles: 1, sentBytes: text.length });
    console.log(`${id}: ${report?.text}`);
    view.close();
    await own.stop(app.id);
  });

  test.concurrent('bokeh', async () => {
    const text = `from bokeh.io import curdoc
from bokeh.models import Div
curdoc().title = "A bokeh folder"
curdoc().add_root(Div(text="of mine"))
`;
    const path = own.write('bokeh', { 'main.py': text, 'requirements.txt': 'bokeh\n' });
    const { id, recipe } = await own.save(path, 'bokeh');
    const app = await own.launch(recipe, onNode);
    const view = own.view(app.id);
    const begin = await view.get('/');
    const page = await view.get(begin.status === 302 ? String(begin.headers.location) : '/main');
    expect(page.text).toContain('<title>A bokeh folder</title>');
    const [, token = ''] = /"token":"([^"]+)"/.exec(page.text) ?? [];
    const socket = await view.webSocket('/main/ws', true, ['bokeh', token]);
    await heard(socket, 'ACK');
    socket.close();
    await own.sendChange(id, join(path, 'main.py'), `${text}# changed\n`);
    view.close();
    await own.stop(app.id);
  });

  test.concurrent('fastapi with a WebSocket, whose start line lets uvicorn reload', async () => {
    const main = (words: string) => `from fastapi import FastAPI, WebSocket
app = FastAPI()

@app.get("/")
def page():
    return ${JSON.stringify(words)}

@app.websocket("/echo")
async def echo(socket: WebSocket):
    await socket.accept()
    await socket.send_text("heard " + await socket.receive_text())
`;
    const path = own.write('fastapi', {
      'main.py': main('first'),
      'requirements.txt': 'fastapi\nuvicorn\nwebsockets\n',
    });
    const { recipe } = await own.save(path, 'fastapi', ({ line }) => ({ line: `${line} --reload` }));
    const app = await own.launch(recipe, onNode);
    const view = own.view(app.id);
    expect((await view.get('/')).text).toBe('"first"');
    const socket = await view.webSocket('/echo');
    const answer = heard(socket, 'heard');
    socket.send('me');
    expect(await answer).toBe('heard me');
    await own.open.request('folders.watch', { instanceId: app.id, on: true });
    writeFileSync(join(path, 'main.py'), main('saved'));
    await eventually(
      () => view.get('/').then(({ text }) => text, String),
      (text) => text === '"saved"',
    );
    expect(await own.log(app.id)).not.toContain('starts again');
    view.close();
    await own.stop(app.id);
  });
});

describe('an app written for Rescale whose launch.sh installs what it wants', () => {
  test.concurrent('changes nothing of a Python, conda or pip that is the user’s own', async () => {
    const path = own.write('installs', {
      'launch.sh': `#!/bin/bash
set -e
pip install retrying
pip3 install --user --ignore-installed nest_asyncio
ps -ef >processes
cd "$(dirname "$0")"
exec python3 serve.py
`,
      'serve.py': `import http.server, json, os, ssl, sys
import nest_asyncio, retrying
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path.startswith("/notebooks/" + os.environ["RESCALE_CLUSTER_ID"] + "/") else 404)
        self.end_headers()
        self.wfile.write(json.dumps([retrying.__file__, nest_asyncio.__file__, sys.prefix, os.environ["CONDARC"]]).encode())
server = http.server.ThreadingHTTPServer(("0.0.0.0", 8888), Page)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(os.environ["HOME"] + "/.certs/nb.pem", os.environ["HOME"] + "/.certs/nb.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
`,
    });
    // A Python of the user's own is first on PATH, as pyenv and conda put theirs there, with settings that lead to it.
    await own.onNode('c1', 'rm -rf ~/own-*; python3 -m venv --without-pip ~/own-python');
    const mine = await OwnFolders.on(
      info,
      'slurm',
      `${wheels}
export PATH=$HOME/own-python/bin:$PATH PIP_USER=1 PIP_TARGET=$HOME/own-target PYTHONUSERBASE=$HOME/own-base
export CONDA_PREFIX=$HOME/own-python CONDARC=$HOME/own-condarc npm_config_prefix=$HOME/own-npm`,
    );
    try {
      const look = () => own.onNode('c1', 'find ~/own-* ~/.local ~/.conda 2>/dev/null | sort | sha256sum');
      const before = await look();
      const { id, recipe } = await mine.save(path, 'rescale');
      const app = await mine.launch(recipe, onNode);
      const view = mine.view(app.id);
      const found: string[] = JSON.parse((await view.get(`/notebooks/${rescaleCluster(id)}/`)).text);
      for (const file of found) expect(file).toContain(`/.tunel/${app.id}/home/`);
      expect(await look()).toBe(before);
      expect(await mine.log(app.id)).not.toMatch(/Permission denied|cannot open/);
      view.close();
      await mine.stop(app.id);
    } finally {
      await mine.close();
    }
  });
});
