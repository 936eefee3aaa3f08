import type { FolderKind, Recognition } from '../../shared/folders.ts';
import { quote } from '../../shared/shell-quote.ts';
import type { FolderLook } from './folder-look.ts';
import { pythonApp } from './python-app-policy.ts';

type Found = Omit<Recognition, 'environment'>;

const socket = '"unix:$TUNEL_SOCKET"';
const serveWsgi = 'python3 "$TUNEL_DIR/files/serve_wsgi.py"';

/** The first that fits, from what says most of itself to the least. */
export function recognise(look: FolderLook): Recognition {
  const found =
    rescale(look) ??
    django(look) ??
    python(look, 'streamlit') ??
    python(look, 'dash') ??
    python(look, 'bokeh') ??
    python(look, 'fastapi') ??
    python(look, 'flask') ??
    shiny(look) ??
    node(look) ??
    pages(look) ??
    unknown;
  return { ...found, environment: environmentOf(look, found.kind) };
}

const unknown: Found = {
  kind: 'other',
  line: '',
  listen: 'socket',
  confidence: 'guess',
  why: ['Nothing in it says how it starts: write the line that starts it.'],
};

function rescale({ names, heads }: FolderLook): Found | null {
  if (!names.includes('launch.sh')) return null;
  const text = [...heads.values()].join('\n');
  const signs = [
    [/RESCALE_CLUSTER_ID/, 'RESCALE_CLUSTER_ID is read'],
    [/\.certs\/nb\.(pem|key)/, '~/.certs/nb.pem and nb.key are read'],
    [/\.rescale-app/, 'it answers .rescale-app'],
    [/:8888\b/, 'it listens on port 8888'],
  ] as const;
  const seen = signs.filter(([sign]) => sign.test(text)).map(([, reason]) => reason);
  return {
    kind: 'rescale',
    line: 'bash ./launch.sh',
    listen: 'port',
    confidence: seen.length > 1 ? 'sure' : seen.length === 1 ? 'likely' : 'guess',
    why: ['launch.sh is there', ...seen],
  };
}

function django({ names }: FolderLook): Found | null {
  if (!names.includes('manage.py')) return null;
  const wsgi = names.find((name) => /^[A-Za-z_]\w*\/wsgi\.py$/.test(name));
  if (!wsgi) return null;
  const module = wsgi.replace(/\.py$/, '').replaceAll('/', '.');
  return {
    kind: 'django',
    line: `${serveWsgi} ${module}:application`,
    listen: 'socket',
    confidence: 'sure',
    why: ['manage.py is there', `${wsgi} is its entry`],
  };
}

type PythonKind = 'streamlit' | 'dash' | 'bokeh' | 'fastapi' | 'flask';

function python(look: FolderLook, kind: PythonKind): Found | null {
  const app = pythonApp(look, kind);
  if (!app) return null;
  // gunicorn takes a name or a call, no attribute of one.
  const gunicorn = wants(look, 'gunicorn') && !app.name.includes('.');
  const target = quote(`${app.module}:${app.name}`);
  const lines: Record<PythonKind, string> = {
    streamlit: `python3 "$TUNEL_DIR/files/serve_streamlit.py" ${quote(app.file)}`,
    dash: gunicorn ? `python3 -m gunicorn --bind ${socket} ${target}` : `${serveWsgi} ${target}`,
    bokeh: `python3 -m bokeh serve ${quote(app.file)} --unix-socket "$TUNEL_SOCKET" --allow-websocket-origin=localhost`,
    fastapi: `python3 -m uvicorn ${target} --uds "$TUNEL_SOCKET"`,
    flask: gunicorn
      ? `python3 -m gunicorn --bind ${socket} ${target}`
      : `python3 -m flask --app ${target} run --host "unix://$TUNEL_SOCKET"`,
  };
  return { kind, line: lines[kind], listen: 'socket', confidence: app.confidence, why: app.why };
}

function shiny({ names, heads }: FolderLook): Found | null {
  const isApp = names.includes('app.R') && /shiny/i.test(heads.get('app.R') ?? '');
  const isPair = names.includes('ui.R') && names.includes('server.R');
  if (!isApp && !isPair) return null;
  return {
    kind: 'shiny',
    line: `Rscript -e 'shiny::runApp(".", host = "127.0.0.1", port = as.integer(Sys.getenv("TUNEL_PORT")), launch.browser = FALSE)'`,
    listen: 'port',
    confidence: 'sure',
    why: [isApp ? 'app.R uses shiny' : 'ui.R and server.R are there'],
  };
}

function node({ names, heads }: FolderLook): Found | null {
  const text = heads.get('package.json');
  const manifest = text === undefined ? null : readJson(text);
  const scripts = field(manifest, 'scripts');
  const start = field(scripts, 'start');
  const main = field(manifest, 'main');
  const candidates = [typeof main === 'string' ? main.replace(/^\.\//, '') : '', 'server.js', 'index.js', 'app.js'];
  const entry = candidates.find((name) => name !== '' && names.includes(name));
  if (typeof start !== 'string' && !(entry && text !== undefined)) return null;
  const file = typeof start === 'string' ? (/node\s+(\S+\.[cm]?js)/.exec(start)?.[1] ?? entry) : entry;
  const source = heads.get(file ?? '') ?? '';
  // A path given to listen() is a Unix socket, unless the program makes a number of it first.
  const takesPath =
    /\.listen\(\s*(process\.env\.PORT|PORT|port)\b/.test(source) &&
    !/(Number|parseInt|Number\.parseInt)\(\s*process\.env\.PORT|\+\s*process\.env\.PORT/.test(source);
  const run = typeof start === 'string' ? 'npm start' : `node ${quote(entry ?? '')}`;
  return {
    kind: 'node',
    line: takesPath ? `PORT=$TUNEL_SOCKET ${run}` : `PORT=$TUNEL_PORT HOST=127.0.0.1 ${run}`,
    listen: takesPath ? 'socket' : 'port',
    confidence: source === '' ? 'guess' : 'likely',
    why: [
      typeof start === 'string' ? 'package.json has a start script' : `package.json and ${entry} are there`,
      takesPath ? 'it listens where PORT says' : 'it listens on a port',
    ],
  };
}

function pages({ names }: FolderLook): Found | null {
  if (!names.includes('index.html')) return null;
  return {
    kind: 'static',
    line: 'python3 "$TUNEL_DIR/files/serve_static.py"',
    listen: 'socket',
    confidence: names.some((name) => /\.(py|R|js)$/.test(name) && !name.includes('/')) ? 'guess' : 'likely',
    why: ['index.html is there'],
  };
}

/** Dependency files of a kind of app; one that has none needs nothing installed. */
function environmentOf({ names, heads }: FolderLook, kind: FolderKind): Recognition['environment'] {
  const there = (...files: string[]) => files.filter((file) => names.includes(file));
  const none = { kind: 'none' as const, files: [] };
  // Its launch.sh installs what it wants.
  if (kind === 'rescale' || kind === 'static') return none;
  if (kind === 'node') {
    const files = there('package.json', 'package-lock.json', 'npm-shrinkwrap.json');
    return { kind: 'npm', files };
  }
  if (kind === 'shiny') {
    const files = there('renv.lock');
    return files.length > 0 ? { kind: 'renv', files } : none;
  }
  const requirements = there('requirements.txt');
  if (requirements.length > 0) return { kind: 'venv', files: requirements };
  const project = there('pyproject.toml', 'uv.lock', 'poetry.lock');
  // Many hold nothing but settings of tools.
  return /^\[(project|build-system)\]/m.test(heads.get('pyproject.toml') ?? '')
    ? { kind: 'venv', files: project }
    : none;
}

const wants = ({ heads }: FolderLook, name: string): boolean =>
  ['requirements.txt', 'pyproject.toml'].some((file) =>
    new RegExp(`^[\\s"']*${name}\\b`, 'im').test(heads.get(file) ?? ''),
  );

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A manifest that is no JSON says nothing; npm will say so itself.
    return null;
  }
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
