import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recognise } from '../../../electron/core/folders/recognise-policy.ts';
import { lookAt, scanFolder } from '../../../electron/core/folders/scan.ts';
import { writeStarter } from '../../../electron/core/folders/starter.ts';
import type { FolderKind } from '../../../electron/shared/folders.ts';
import { starterKinds } from '../../../electron/shared/starter-kinds.ts';

const see = (files: Record<string, string>) =>
  recognise({ names: Object.keys(files), heads: new Map(Object.entries(files)) }).recognition;

const flask = 'from flask import Flask\napp = Flask(__name__)\n';

const cases: [string, Record<string, string>, FolderKind, string | RegExp][] = [
  ['launch.sh', { 'launch.sh': 'gunicorn -b 0.0.0.0:8888', 'app.py': flask }, 'rescale', 'bash ./launch.sh'],
  ['manage.py', { 'manage.py': '', 'web/wsgi.py': '' }, 'django', /serve_wsgi\.py" web\.wsgi:application$/],
  ['FastAPI', { 'main.py': 'from fastapi import FastAPI\napi = FastAPI()' }, 'fastapi', /uvicorn main:api --uds/],
  ['Flask', { 'app.py': flask }, 'flask', 'FLASK_APP=app:app python3 -m flask run --host "unix://$TUNEL_SOCKET"'],
  [
    'Flask with gunicorn',
    { 'app.py': flask, 'requirements.txt': 'Flask==3\ngunicorn>=20\n' },
    'flask',
    'python3 -m gunicorn --bind "unix:$TUNEL_SOCKET" app:app',
  ],
  [
    "Flask's factory",
    { 'web/__init__.py': 'from flask import Flask\ndef create_app():\n    return Flask("x")\n' },
    'flask',
    /FLASK_APP='web:create_app\(\)' python3 -m flask run/,
  ],
  ['Dash', { 'app.py': 'import dash\napp = dash.Dash(__name__)\n' }, 'dash', /serve_wsgi\.py" app:app\.server$/],
  [
    'Dash with its server',
    { 'app.py': 'from dash import Dash\napp = Dash()\nserver = app.server\n', 'requirements.txt': 'dash\ngunicorn' },
    'dash',
    /gunicorn --bind "unix:\$TUNEL_SOCKET" app:server$/,
  ],
  [
    'Streamlit',
    { 'my page.py': '', 'app.py': 'import streamlit as st\n' },
    'streamlit',
    /serve_streamlit\.py" app\.py$/,
  ],
  ['Bokeh', { 'main.py': 'from bokeh.io import curdoc\n' }, 'bokeh', /bokeh serve main\.py --unix-socket/],
  ['Shiny', { 'app.R': 'library(shiny)\n' }, 'shiny', /runApp/],
  [
    'Node on a path',
    { 'package.json': '{"scripts":{"start":"node s.js"}}', 's.js': 'a.listen(process.env.PORT)' },
    'node',
    'PORT=$TUNEL_SOCKET npm start',
  ],
  [
    'Node on a number',
    { 'package.json': '{}', 'server.js': 'const p = Number(process.env.PORT); a.listen(p)' },
    'node',
    /^NODE_OPTIONS=.*listen_on_socket\.cjs\\"" node server\.js$/,
  ],
  ['pages', { 'index.html': '' }, 'static', /serve_static/],
  ['nothing', { 'notes.txt': '' }, 'other', ''],
  ['a manifest that is no JSON', { 'package.json': '{', 'readme.md': '' }, 'other', ''],
];

describe('a folder is recognised', () => {
  test.each(cases)('by %s', (_, files, kind, line) => {
    const seen = see(files);
    expect(seen.kind).toBe(kind);
    expect(seen.line).toMatch(
      line instanceof RegExp ? line : new RegExp(`^${line.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`),
    );
    expect(seen.why.length).toBeGreaterThan(0);
  });

  test('with what must be installed', () => {
    expect(see({ 'app.py': flask, 'requirements.txt': '' }).environment).toEqual({
      kind: 'venv',
      files: ['requirements.txt'],
    });
    expect(see({ 'app.py': flask, 'pyproject.toml': '[project]\n', 'uv.lock': '' }).environment.files).toEqual([
      'pyproject.toml',
      'uv.lock',
    ]);
    expect(see({ 'app.py': flask, 'pyproject.toml': '[tool.ruff]\n' }).environment.kind).toBe('none');
    expect(see({ 'app.R': 'shiny', 'renv.lock': '' }).environment.kind).toBe('renv');
    expect(see({ 'launch.sh': '', 'requirements.txt': '' }).environment.kind).toBe('none');
  });

  test.each(starterKinds)('when tunel new wrote it: %s', async (kind) => {
    const parent = mkdtempSync(join(tmpdir(), 'tunel-new-'));
    try {
      const { path, files } = writeStarter(join(import.meta.dirname, '../../../recipes'), kind, 'my-app', parent);
      expect(files).toEqual(expect.arrayContaining(['README.md', 'app.yaml', 'start.sh', '.gitignore']));
      expect(recognise(await lookAt(await scanFolder(join(path, 'files')))).recognition.kind).toBe(kind);
    } finally {
      rmSync(parent, { recursive: true, force: true });
    }
  });
});
