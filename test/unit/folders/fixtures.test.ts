import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recognise } from '../../../electron/core/folders/recognise-policy.ts';
import { lookAt, scanFolder } from '../../../electron/core/folders/scan.ts';
import type { Recognition } from '../../../electron/shared/folders.ts';

const folders = join(import.meta.dirname, '../../fixtures/folders');
const see = async (name: string) => recognise(await lookAt(await scanFolder(join(folders, name))));

/** Folders that failed in the field, each with what it is. */
const cases: [string, Partial<Recognition>][] = [
  [
    'ex-hello',
    {
      kind: 'node',
      listen: 'socket',
      line: 'NODE_OPTIONS="--require \\"$TUNEL_DIR/files/listen_on_socket.cjs\\"" npm start',
      environment: { kind: 'npm', files: ['package.json'] },
    },
  ],
  [
    'fac-arg',
    {
      kind: 'flask',
      line: 'FLASK_APP=serve.py python3 -m flask run --host "unix://$TUNEL_SOCKET"',
      confidence: 'sure',
    },
  ],
  ['st-multi', { kind: 'streamlit', line: 'python3 "$TUNEL_DIR/files/serve_streamlit.py" Home.py' }],
  ['st-helper', { kind: 'streamlit', line: 'python3 "$TUNEL_DIR/files/serve_streamlit.py" Home.py' }],
  [
    'dash-idx',
    { kind: 'dash', line: 'python3 -m gunicorn --bind "unix:$TUNEL_SOCKET" index:server', confidence: 'sure' },
  ],
  ['fa-fac', { kind: 'fastapi', line: 'python3 -m uvicorn app.main:app --uds "$TUNEL_SOCKET"' }],
  [
    'src-lay',
    {
      kind: 'flask',
      line: `PYTHONPATH=src FLASK_APP='thing:create_app()' python3 -m flask run --host "unix://$TUNEL_SOCKET"`,
      environment: { kind: 'venv', files: ['pyproject.toml'] },
    },
  ],
  ['dock', { kind: 'fastapi', line: 'python3 -m uvicorn svc.api:api --uds "$TUNEL_SOCKET"', confidence: 'sure' }],
  [
    'panel',
    { kind: 'panel', listen: 'port', line: expect.stringMatching(/^python3 -m panel serve app\.py .*\$TUNEL_PORT/) },
  ],
  ['conda', { kind: 'flask', environment: { kind: 'conda', files: ['environment.yml'] } }],
  [
    'res-nolaunch',
    { kind: 'flask', rescale: true, line: 'FLASK_APP=app:app python3 -m flask run --host "unix://$TUNEL_SOCKET"' },
  ],
  ['anylaunch', { kind: 'other', listen: 'port', line: 'bash ./launch.sh', confidence: 'sure' }],
  [
    'vite',
    {
      kind: 'static',
      line: 'npm run build && cd dist && python3 "$TUNEL_DIR/files/serve_static.py"',
      environment: { kind: 'npm', files: ['package.json'] },
      why: expect.arrayContaining([expect.stringContaining('built first')]),
    },
  ],
  [
    'compute-studio',
    { kind: 'compute-studio', line: 'python3 "$TUNEL_DIR/files/serve_compute_studio.py"', confidence: 'sure' },
  ],
];

describe('a folder from the field', () => {
  test.each(cases)('%s', async (name, expected) => {
    expect((await see(name)).recognition).toMatchObject(expected);
  });

  test('a test of Streamlit is no app, nor is a helper or a page of it', async () => {
    for (const name of ['st-multi', 'st-helper']) expect((await see(name)).candidates).toEqual([]);
  });

  test('a factory that must be given something is none', async () => {
    const { recognition, candidates } = await see('fac-arg');
    expect([recognition, ...candidates].map(({ line }) => line).join('\n')).not.toContain('create_app');
  });

  test('a launch.sh leaves the app as a candidate', async () => {
    expect((await see('anylaunch')).candidates.map(({ kind }) => kind)).toEqual(['flask']);
  });
});

const of = (files: Record<string, string>) =>
  recognise({ names: Object.keys(files), heads: new Map(Object.entries(files)) });
const lineOf = (files: Record<string, string>) => of(files).recognition.line;

describe('what a folder says comes before what its programs look like', () => {
  const app = { 'app.py': 'from flask import Flask\napp = Flask(__name__)\n' };
  test.each([
    ['web: gunicorn -w 2 -b 0.0.0.0:$PORT wsgi:app', 'python3 -m gunicorn --bind "unix:$TUNEL_SOCKET" -w 2 wsgi:app'],
    [
      `web: uvicorn main:app --host=0.0.0.0 --port \${PORT:-8000} --workers 2`,
      'python3 -m uvicorn main:app --workers 2 --uds "$TUNEL_SOCKET"',
    ],
    ['web: flask --app app run -h 0.0.0.0 -p 80', 'FLASK_APP=app python3 -m flask run --host "unix://$TUNEL_SOCKET"'],
    ['web: streamlit run Home.py --server.port 8501', 'python3 "$TUNEL_DIR/files/serve_streamlit.py" Home.py'],
    ['web: python app.py', 'FLASK_APP=app:app python3 -m flask run --host "unix://$TUNEL_SOCKET"'],
    ['web: python other.py --x 1', 'python3 "$TUNEL_DIR/files/run_python.py" other.py --x 1'],
    [
      'web: poetry run waitress-serve --listen=*:80 app:app',
      'python3 -m waitress --unix-socket="$TUNEL_SOCKET" app:app',
    ],
    ['web: MODE=x hypercorn -b :80 app:app', 'MODE=x python3 -m hypercorn --bind "unix:$TUNEL_SOCKET" app:app'],
    [
      'web: daphne -b 0.0.0.0 -p 80 site.asgi:application',
      'python3 -m daphne -u "$TUNEL_SOCKET" site.asgi:application',
    ],
    ['web: python -m http.server 80', 'python3 "$TUNEL_DIR/files/serve_static.py"'],
    ['web: node server.js', 'NODE_OPTIONS="--require \\"$TUNEL_DIR/files/listen_on_socket.cjs\\"" node server.js'],
    [
      'web: ./server --port 8080 --host 0.0.0.0',
      'PORT=$TUNEL_PORT HOST=127.0.0.1 ./server --port "$TUNEL_PORT" --host 127.0.0.1',
    ],
    ['web: cd web && ./serve', "PORT=$TUNEL_PORT HOST=127.0.0.1 sh -c 'cd web && ./serve'"],
  ])('a Procfile: %s', (line, expected) => {
    expect(lineOf({ ...app, Procfile: `release: x\n${line}\n` })).toBe(expected);
  });

  test.each([
    ['CMD ["sh", "-c", "gunicorn -b :80 wsgi:app"]', 'python3 -m gunicorn --bind "unix:$TUNEL_SOCKET" wsgi:app'],
    ['ENTRYPOINT ["tini", "--"]\nCMD ["uvicorn", "a:b"]', 'python3 -m uvicorn a:b --uds "$TUNEL_SOCKET"'],
    ['CMD streamlit run x.py \\\n  --server.port=8501', 'python3 "$TUNEL_DIR/files/serve_streamlit.py" x.py'],
    ['CMD ["bash"]\nCMD ["Rscript", "run.R"]', 'PORT=$TUNEL_PORT HOST=127.0.0.1 Rscript run.R'],
    [
      'CMD ["conda", "run", "-n", "env", "python", "-m", "gunicorn", "a:b"]',
      'python3 -m gunicorn --bind "unix:$TUNEL_SOCKET" a:b',
    ],
  ])('a Dockerfile: %s', (text, expected) => {
    expect(lineOf({ ...app, Dockerfile: `FROM x\n${text}\n` })).toBe(expected);
  });

  test('and the rest stays to be chosen', () => {
    const { candidates } = of({
      ...app,
      Procfile: 'web: ./x',
      'pyproject.toml': '[project.scripts]\nmytool = "a:b"\n',
    });
    expect(candidates.map(({ line }) => line)).toEqual([
      'FLASK_APP=app:app python3 -m flask run --host "unix://$TUNEL_SOCKET"',
      'PORT=$TUNEL_PORT HOST=127.0.0.1 mytool',
    ]);
  });
});

describe('frameworks by kind', () => {
  test.each<[Record<string, string>, string, RegExp, string]>([
    [
      { 'app.py': 'import gradio as gr\ndemo = gr.Interface()\ndemo.launch()\n' },
      'gradio',
      /run_python\.py" app\.py$/,
      'port',
    ],
    [{ 'x.ipynb': '{}', 'requirements.txt': 'voila\n' }, 'voila', /voila x\.ipynb --no-browser/, 'port'],
    [{ 'app.py': 'from bottle import Bottle\napp = Bottle()\n' }, 'wsgi', /serve_wsgi\.py" app:app$/, 'socket'],
    [{ 'app.py': 'from bottle import route, run\nrun(port=8080)\n' }, 'wsgi', /run_python\.py" app\.py$/, 'port'],
    [
      { 'app.py': 'from quart import Quart\napp = Quart(__name__)\n' },
      'asgi',
      /hypercorn --bind .* app:app$/,
      'socket',
    ],
    [
      { 'a.py': 'from starlette.applications import Starlette\nweb = Starlette()\n' },
      'asgi',
      /uvicorn a:web --uds/,
      'socket',
    ],
    [
      { 'app.py': 'from shiny import App, ui\napp = App(ui.x(), None)\n' },
      'shiny-python',
      /uvicorn app:app --uds/,
      'socket',
    ],
    [
      { 'app.py': 'from shiny.express import ui\nui.h1("x")\n' },
      'shiny-python',
      /shiny run app\.py .*\$TUNEL_PORT/,
      'port',
    ],
    [{ 'plumber.R': '#* @get /x\n' }, 'plumber', /plumber::plumb\(dir = "\."\)\$run\(host = "127\.0\.0\.1"/, 'port'],
    [{ DESCRIPTION: 'Imports: golem', 'R/run_app.R': '' }, 'shiny', /pkgload::load_all\("\."\); run_app\(\)/, 'port'],
    [{ 'app.R': 'pkgload::load_all()\nthing::run_app()\n' }, 'shiny', /runApp\("\."/, 'port'],
    [
      { 'package.json': '{"scripts":{"build":"next build"},"dependencies":{"next":"15"}}' },
      'node',
      /npm run build && exec npx --no-install next start/,
      'port',
    ],
    [
      { 'api.py': 'from fastapi import FastAPI\ndef create():\n    return FastAPI()\n' },
      'fastapi',
      /uvicorn api:create --uds "\$TUNEL_SOCKET" --factory$/,
      'socket',
    ],
    [{ 'passenger_wsgi.py': 'application = x\n' }, 'wsgi', /serve_wsgi\.py" passenger_wsgi:application/, 'socket'],
    [
      {
        'wsgi.py': 'from mysite import create_app\napp = create_app("prod")\n',
        'mysite/__init__.py': 'from flask import Flask\ndef create_app(name):\n    return Flask(name)\n',
      },
      'flask',
      /FLASK_APP=wsgi:app/,
      'socket',
    ],
  ])('%j', (files, kind, line, listen) => {
    const { recognition } = of(files);
    expect(recognition).toMatchObject({ kind, listen });
    expect(recognition.line).toMatch(line);
  });

  test('two apps of which none is the usual one are a guess with both to choose from', () => {
    const { recognition, candidates } = of({ 'a.py': 'import streamlit', 'b.py': 'import streamlit' });
    expect(recognition.confidence).toBe('guess');
    expect([recognition, ...candidates].map(({ line }) => line.split(' ').at(-1))).toEqual(['a.py', 'b.py']);
  });

  test('a port in a variable of its own is brought to the socket, one from the environment is believed', () => {
    const node = (text: string) => lineOf({ 'package.json': '{"main":"s.js"}', 's.js': text });
    expect(node('const port = 3000\napp.listen(port)')).toContain('NODE_OPTIONS');
    expect(node('const port = process.env.PORT\napp.listen(port)')).toBe('PORT=$TUNEL_SOCKET node s.js');
    expect(node('app.listen(process.env.PORT || 3000)')).toBe('PORT=$TUNEL_SOCKET node s.js');
    expect(node('const port = Number(process.env.PORT)\napp.listen(port)')).toContain('NODE_OPTIONS');
  });
});

describe('a folder of another kind says what it is', () => {
  test.each([
    [['app.yaml', 'run.sh'], /This is a recipe\..*tunel recipes add/],
    [
      ['manifest.yml', 'form.yml', 'submit.yml.erb', 'template/script.sh.erb'],
      /interactive app of Open OnDemand.*script\.sh\.erb/,
    ],
    [['manifest.yml', 'config.ru'], /Passenger app of Open OnDemand/],
    [['jupyter/app.yaml', 'jupyter/run.sh'], /folder with recipes.*tunel recipes add/],
  ])('%j', (names, words) => {
    const { recognition } = recognise({ names, heads: new Map() });
    expect(recognition).toMatchObject({ kind: 'other', line: '', confidence: 'guess' });
    expect(recognition.why.join(' ')).toMatch(words);
  });
});
