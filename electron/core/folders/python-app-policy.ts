import type { FolderKind, Recognition } from '../../shared/folders.ts';
import { quote } from '../../shared/shell-quote.ts';
import type { Candidate } from './candidate.ts';
import { wants } from './dependency-files.ts';
import type { FolderLook } from './folder-look.ts';
import { findApp, importsModule, isImported, type PythonFile, pythonFiles } from './python-files.ts';
import * as lines from './start-lines.ts';

interface Framework {
  kind: FolderKind;
  /** What people call it. */
  name: string;
  imports: string;
  /** The class an app is made of; null: the script itself is the app. */
  className: string | null;
  /** A sign of an app in a script that has no such object. */
  sign?: RegExp;
  listen: Recognition['listen'];
  line(target: string, look: FolderLook): string;
}

const script = (
  kind: FolderKind,
  name: string,
  imports: string,
  listen: Recognition['listen'],
  line: (file: string) => string,
  sign?: RegExp,
): Framework => ({ kind, name, imports, className: null, listen, line, ...(sign ? { sign } : {}) });

const server = (
  kind: FolderKind,
  name: string,
  imports: string,
  className: string,
  line: Framework['line'],
): Framework => ({ kind, name, imports, className, listen: 'socket', line });

/** gunicorn takes a name or a call, no attribute of one. */
const wsgi = (other: (target: string) => string) => (target: string, look: FolderLook) =>
  wants(look, 'gunicorn') && !/:.*\./.test(target) ? lines.gunicornLine(target) : other(target);
const asgi = (target: string) =>
  target.endsWith("()'") ? lines.uvicornLine(quote(target.slice(1, -3)), '--factory') : lines.uvicornLine(target);

/** The more special a framework, the earlier: Dash and Panel bring Flask and Bokeh with them. */
const frameworks: readonly Framework[] = [
  script('streamlit', 'Streamlit', 'streamlit', 'socket', lines.streamlitLine),
  server('dash', 'Dash', 'dash', 'Dash', wsgi(lines.wsgiLine)),
  script('panel', 'Panel', 'panel', 'port', lines.panelLine, /\.servable\(|\.serve\(|template\s*=/),
  script('gradio', 'Gradio', 'gradio', 'port', lines.gradioLine, /\.launch\(/),
  script('bokeh', 'Bokeh', 'bokeh', 'socket', lines.bokehLine, /\bcurdoc\b/),
  server('shiny-python', 'Shiny', 'shiny', 'App', asgi),
  script('shiny-python', 'Shiny Express', 'shiny', 'port', lines.pythonShinyLine, /\bshiny\.express\b/),
  server('fastapi', 'FastAPI', 'fastapi', 'FastAPI', asgi),
  server('asgi', 'Quart', 'quart', 'Quart', (target) => lines.hypercornLine(target)),
  server('asgi', 'Starlette', 'starlette', 'Starlette', asgi),
  server('asgi', 'Litestar', 'litestar', 'Litestar', asgi),
  server(
    'flask',
    'Flask',
    'flask',
    'Flask',
    wsgi((target) => lines.flaskLine(target)),
  ),
  server('wsgi', 'Bottle', 'bottle', 'Bottle', wsgi(lines.wsgiLine)),
  server('wsgi', 'Falcon', 'falcon', '(?:App|API)', wsgi(lines.wsgiLine)),
  script('wsgi', 'Bottle', 'bottle', 'port', lines.pythonPortLine, /^\s*(?:bottle\.)?run\(/m),
  script('other', 'aiohttp', 'aiohttp', 'port', lines.pythonPortLine, /\brun_app\(/),
  script('other', 'Tornado', 'tornado', 'port', lines.pythonPortLine, /\.listen\(/),
  script('other', 'NiceGUI', 'nicegui', 'port', lines.pythonPortLine, /\bui\.run\(/),
];

const usual = ['app.py', 'main.py', 'wsgi.py', 'asgi.py', 'server.py', 'application.py', 'streamlit_app.py', 'run.py'];

/** The apps of Python frameworks in a folder, the likeliest of each first. */
export function pythonCandidates(look: FolderLook): Candidate[] {
  const files = pythonFiles(look);
  const taken = new Set<string>();
  return frameworks.flatMap((framework) => {
    const found = appsOf(framework, files, look).filter(({ file }) => !taken.has(file));
    for (const { file } of found) taken.add(file);
    return found.map(({ candidate }) => candidate);
  });
}

/** The app that a file, or a module and its variable, is: with the line of its framework. */
export function pythonCandidate(look: FolderLook, file: string): Candidate | null {
  const files = pythonFiles(look);
  const wanted = files.find((each) => each.file === file || each.module === file);
  if (!wanted) return null;
  for (const framework of frameworks) {
    const target = targetOf(framework, wanted, files);
    if (target !== null) return candidateOf(framework, wanted, target, look);
  }
  return null;
}

/** The framework that a file or module belongs to: by the app it holds, else by what it imports; null: none we know. */
export function pythonKind(look: FolderLook, file: string): FolderKind | null {
  const known = pythonCandidate(look, file);
  if (known) return known.kind;
  const text = pythonFiles(look).find((each) => each.file === file || each.module === file)?.text ?? '';
  return frameworks.find(({ imports }) => importsModule(text, imports))?.kind ?? null;
}

function appsOf(framework: Framework, files: readonly PythonFile[], look: FolderLook) {
  const inPages = (file: string) => framework.kind === 'streamlit' && /(^|\/)pages\//.test(file);
  const apps = files
    .filter(({ file }) => !inPages(file))
    .flatMap((file) => {
      const target = targetOf(framework, file, files);
      return target === null ? [] : [{ ...file, target }];
    })
    .sort((a, b) => rank(a.file) - rank(b.file) || a.file.localeCompare(b.file));
  const main = apps.filter((app) => !isImported(app, apps));
  const chosen = framework.className === null && main.length > 0 ? main : apps;
  const [first, second] = chosen;
  const isClear =
    first !== undefined && (second === undefined || usual.includes(first.file) || besidePages(first, look));
  const ordered = chosen.toSorted((a, b) => Number(besidePages(b, look)) - Number(besidePages(a, look)));
  return ordered.map((app) => {
    const candidate = candidateOf(framework, app, app.target, look);
    return {
      file: app.file,
      candidate: isClear || besidePages(app, look) ? candidate : { ...candidate, confidence: 'guess' as const },
    };
  });
}

/** A Streamlit app of several pages: the script beside `pages/` is the app. */
const besidePages = ({ file, text }: PythonFile, { names }: FolderLook): boolean =>
  importsModule(text, 'streamlit') && names.some((name) => name.startsWith(`${file.replace(/[^/]*$/, '')}pages/`));

/** What the server is given; null: the file holds no app of this framework. */
function targetOf(
  { imports, className, sign, kind }: Framework,
  file: PythonFile,
  files: readonly PythonFile[],
): string | null {
  if (className === null) {
    return importsModule(file.text, imports) && (sign?.test(file.text) ?? true) ? quote(file.file) : null;
  }
  const isNear = importsModule(file.text, imports) || /^from\s+\S+\s+import\b/m.test(file.text);
  const made = isNear ? findApp(file, files, className) : null;
  if (made === null || (!importsModule(file.text, imports) && made.isFactory)) return null;
  const name = kind === 'dash' && !made.isFactory ? dashServer(file.text, made.name) : made.name;
  return quote(`${file.module}:${name}`);
}

function candidateOf(framework: Framework, { file, text }: PythonFile, target: string, look: FolderLook): Candidate {
  const { kind, name, className, listen } = framework;
  const isScript = className === null;
  const isUsual = usual.includes(file) || /^src\//.test(file);
  const isFactory = /\(\)'$/.test(target);
  const path = file.startsWith('src/') ? 'PYTHONPATH=src ' : '';
  return {
    kind,
    line: path + framework.line(target, look),
    listen,
    confidence: isUsual && !isFactory ? 'sure' : 'likely',
    why: [
      `${file} ${importsModule(text, framework.imports) ? 'imports' : 'is an app of'} ${name}`,
      ...(isScript ? [] : [`the app is ${target}`]),
    ],
  };
}

/** The WSGI app inside a Dash app: `server = app.server` where it is written, else the attribute itself. */
const dashServer = (text: string, variable: string): string =>
  new RegExp(`^(\\w+)\\s*=\\s*${variable}\\.server\\b`, 'm').exec(text)?.[1] ?? `${variable}.server`;

function rank(name: string): number {
  const at = usual.indexOf(name);
  return at >= 0 ? at : usual.length + name.split('/').length;
}
