import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { writeStarter } from '../../../electron/core/folders/starter.ts';
import { upCluster } from '../../helpers/clusters.ts';
import type { GatewayClient } from '../../helpers/gateway-client.ts';
import { eventually } from '../../helpers/instance.ts';
import { OwnFolders } from './own-folders.ts';
import { installWheels } from './python-wheels.ts';

const shipped = join(import.meta.dirname, '../../../recipes');
// Streamlit maps much more than it uses.
const onNode = { options: ['--nodelist=c1'], memory: 600 };

let own: OwnFolders;

vi.setConfig({ maxConcurrency: 4 });
beforeAll(async () => {
  const info = await upCluster('slurm22');
  own = await OwnFolders.on(info, 'slurm', await installWheels(info, 'c1'));
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
    expect(own.state(id)?.reports[0]).toMatchObject({ sentFiles: 1, sentBytes: text.length });
    console.log(`${id}: ${own.state(id)?.reports[0]?.text}`);
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
