import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchFails, stopApp } from '../../helpers/apps.ts';
import { asUser, type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { eventually } from '../../helpers/instance.ts';
import { OwnFolders } from './own-folders.ts';

const flask = (words: string, first = '') => `${first}from flask import Flask
app = Flask(__name__)

@app.route("/")
def page():
    return ${words}
`;

let info: ClusterInfo;
let own: OwnFolders;

beforeAll(async () => {
  info = await upCluster('slurm24', 'shared');
  // As where nodes reach no index: pip has what Debian ships for a build, and nothing else.
  own = await OwnFolders.on(info, 'slurm', 'export PIP_NO_INDEX=1 PIP_FIND_LINKS=/usr/share/python-wheels');
});
afterAll(() => own?.close());

const there = (id: string, command: string) =>
  asUser('ada', info, 'slogin', `cd ~/.tunel/folders/${id} && ${command}`).then(({ stdout }) => stdout);

describe('an environment', () => {
  test.concurrent('of a pyproject.toml that is built has the project where it lies', async () => {
    const path = own.write('project', {
      'app.py': flask('greetings.words', 'import greetings\n'),
      'src/greetings.py': 'words = "from src"\n',
      'pyproject.toml': `[build-system]
requires = ["setuptools"]
[project]
name = "greetings"
version = "1"
dependencies = ["flask"]
[tool.setuptools]
package-dir = { "" = "src" }
py-modules = ["greetings"]
`,
    });
    expect((await own.pageOf(path, 'flask')).text).toBe('from src');
  });

  test.concurrent('whose installation is stopped leaves nothing that is taken for one', async () => {
    const path = own.write('stopped', {
      'app.py': flask('"made"'),
      'requirements.txt': '-r more.txt\n',
      'more.txt': './slow\n',
      'slow/setup.py': 'import time\nfrom setuptools import setup\ntime.sleep(600)\nsetup(name="slow", version="1")\n',
    });
    const { id, recipe } = await own.save(path, 'flask');
    const launched = await own.open.request('instances.launch', own.input(recipe));
    await eventually(
      () => own.log(launched.id),
      (log) => log.includes('Processing ./slow'),
    );
    await stopApp(own.open, launched.id);
    await eventually(
      () => there(id, 'ls -A envs; ls -d .installing 2>/dev/null || :'),
      (left) => left === '',
    );
    // The list that the first one names decides too.
    writeFileSync(join(path, 'more.txt'), 'flask\n');
    const app = await own.launch(recipe);
    const view = own.view(app.id);
    expect((await view.get('/')).text).toBe('made');
    view.close();
    await own.stop(app.id);
    expect(await there(id, 'ls envs')).toMatch(/^([0-9a-f]{16})\n\1\.\w+\n$/);
  });

  test.concurrent('of renv.lock where R has no renv: it is said how to get it', async () => {
    const path = own.write('renv', { 'app.R': 'library(shiny)\n', 'renv.lock': '{}' });
    const { recipe } = await own.save(path, 'shiny');
    const { error, logTail } = await launchFails(own.open, own.input(recipe));
    expect(`${error.message} ${error.detail ?? ''} ${logTail}`).toMatch(/R package renv.*install\.packages/s);
  });
});

test.concurrent('shiny, its page and its WebSocket', async () => {
  const app = (words: string) => `library(shiny)
shinyApp(
  fluidPage(titlePanel("${words}"), numericInput("n", "n", 1), textOutput("twice")),
  function(input, output) output$twice <- renderText(paste("twice is", 2 * input$n))
)
`;
  const path = own.write('shiny', { 'app.R': app('A shiny folder') });
  const { id, recipe } = await own.save(path, 'shiny');
  const { id: instance } = await own.launch(recipe, { memory: 600 });
  const view = own.view(instance);
  expect((await view.get('/')).text).toContain('A shiny folder');
  const socket = await view.webSocket('/websocket/');
  const drawn = new Promise<void>((resolve, reject) => {
    socket.on('message', (data) => String(data).includes('twice is 42') && resolve());
    socket.once('close', (code) => reject(new Error(`The WebSocket was closed with ${code}.`)));
  });
  const data = { 'n:shiny.number': 21, '.clientdata_output_twice_hidden': false };
  socket.send(JSON.stringify({ method: 'init', data }));
  await drawn;
  socket.close();
  await own.sendChange(id, join(path, 'app.R'), app('Changed'));
  view.close();
  await own.stop(instance);
});

test.concurrent('flask whose start line asks for a reload shows a save without a new start', async () => {
  const path = own.write('debug', { 'app.py': flask('"first"') });
  const { recipe } = await own.save(path, 'flask', ({ line }) => ({ line: `${line} --debug` }));
  const app = await own.launch(recipe);
  const view = own.view(app.id);
  expect((await view.get('/')).text).toBe('first');
  await own.open.request('folders.watch', { instanceId: app.id, on: true });
  writeFileSync(join(path, 'app.py'), flask('"saved"'));
  await eventually(
    () => view.get('/').then(({ text }) => text, String),
    (text) => text === 'saved',
  );
  expect(await own.log(app.id)).not.toContain('starts again');
  view.close();
  await own.stop(app.id);
});

test.concurrent('a git address on a cluster without git is refused with what to do', async () => {
  const source = { kind: 'git' as const, url: 'https://example.org/a.git', commit: '' };
  const asked = own.open.request('folders.inspect', { source, clusterId: own.clusterId });
  await expect(asked).rejects.toMatchObject({ code: 'command-missing', hint: expect.stringContaining('module') });
});
