import { quote } from '../../shared/shell-quote.ts';
import type { Candidate } from './candidate.ts';
import { commandCandidate } from './command-policy.ts';
import { wants } from './dependency-files.ts';
import type { FolderLook } from './folder-look.ts';
import { moduleOf, pythonFiles } from './python-files.ts';
import { computeStudioLine, flaskLine, portLine, voilaLine, wsgiLine } from './start-lines.ts';

/** Starts that a folder states itself, in files made for that; the plainest statement first. */
export function saidCandidates(look: FolderLook): Candidate[] {
  const found = [
    launchScript(look),
    computeStudio(look),
    procfile(look),
    django(look),
    flaskenv(look),
    dockerfile(look),
    voila(look),
    passenger(look),
  ];
  return found.filter((candidate) => candidate !== null);
}

/** Commands that installing the folder makes; whether one of them serves pages is not said. */
export function projectScripts({ heads }: FolderLook): Candidate[] {
  const section =
    /^\[project\.(?:gui-)?scripts\]\s*\n((?:(?!\[)[^\n]*\n?)*)/m.exec(heads.get('pyproject.toml') ?? '')?.[1] ?? '';
  return [...section.matchAll(/^\s*["']?([\w.-]+)["']?\s*=\s*["']/gm)].map(([, name = '']) => ({
    kind: 'other',
    line: portLine(quote(name)),
    listen: 'port',
    confidence: 'guess',
    why: [`pyproject.toml makes the command ${name}`],
  }));
}

const rescaleSigns = [
  [/RESCALE_CLUSTER_ID/, 'RESCALE_CLUSTER_ID is read'],
  [/\.certs\/nb\.(pem|key)/, '~/.certs/nb.pem and nb.key are read'],
  [/\.rescale-app/, 'it answers .rescale-app'],
  [/:8888\b/, 'it listens on port 8888'],
] as const;

/** A launch.sh as Rescale has it, or a script of the user's own. */
function launchScript({ names, heads }: FolderLook): Candidate | null {
  const all = [...heads.values()].join('\n');
  const seen = rescaleSigns.filter(([sign]) => sign.test(all)).map(([, reason]) => reason);
  if (names.includes('launch.sh') && seen.length > 0) {
    const confidence = seen.length > 1 ? 'sure' : 'likely';
    return {
      kind: 'rescale',
      line: 'bash ./launch.sh',
      listen: 'port',
      confidence,
      why: ['launch.sh is there', ...seen],
    };
  }
  for (const name of ['launch.sh', 'start.sh', 'run.sh', 'serve.sh']) {
    const text = heads.get(name) ?? '';
    const isOurs = /\bTUNEL_(?:SOCKET|PORT)\b/.test(text);
    if (!names.includes(name) || (!isOurs && name !== 'launch.sh')) continue;
    return {
      kind: 'other',
      line: isOurs ? `bash ./${name}` : portLine(`bash ./${name}`),
      listen: /\bTUNEL_SOCKET\b/.test(text) ? 'socket' : 'port',
      confidence: isOurs ? 'sure' : 'guess',
      why: [`${name} is there${isOurs ? ' and listens where Tunel says' : ''}`],
      ...(isOurs ? {} : { installsItself: true }),
    };
  }
  return null;
}

function computeStudio({ names, heads }: FolderLook): Candidate | null {
  const file = ['cs-config/cs_config/functions.py', 'cs_config/functions.py'].find((name) => names.includes(name));
  if (!file) return null;
  const text = heads.get(file) ?? '';
  const isWhole = /^def get_inputs\(/m.test(text) && /^def run_model\(/m.test(text);
  return {
    kind: 'compute-studio',
    line: computeStudioLine,
    listen: 'socket',
    confidence: isWhole ? 'sure' : 'likely',
    why: [`${file} has the functions of a Compute Studio model`, 'its parameters become a form, its outputs a page'],
  };
}

function procfile(look: FolderLook): Candidate | null {
  const web = /^web:[ \t]*(.+)$/m.exec(look.heads.get('Procfile') ?? '')?.[1]?.trim();
  return web ? commandCandidate(look, web, 'the Procfile says') : null;
}

function django({ names }: FolderLook): Candidate | null {
  if (!names.includes('manage.py')) return null;
  const wsgi = names.find((name) => /^[A-Za-z_]\w*\/wsgi\.py$/.test(name));
  if (!wsgi) return null;
  return {
    kind: 'django',
    line: wsgiLine(`${moduleOf(wsgi)}:application`),
    listen: 'socket',
    confidence: 'sure',
    why: ['manage.py is there', `${wsgi} is its entry`],
  };
}

/** `.flaskenv` is read here because Flask itself reads it only where python-dotenv is installed. */
function flaskenv({ heads }: FolderLook): Candidate | null {
  const target = /^\s*(?:export\s+)?FLASK_APP\s*=\s*["']?([^"'\s#]+)/m.exec(heads.get('.flaskenv') ?? '')?.[1];
  if (!target) return null;
  return {
    kind: 'flask',
    line: flaskLine(quote(target)),
    listen: 'socket',
    confidence: 'sure',
    why: [`.flaskenv says FLASK_APP=${target}`],
  };
}

function dockerfile(look: FolderLook): Candidate | null {
  const text = (look.heads.get('Dockerfile') ?? look.heads.get('Containerfile') ?? '').replace(/\\\n/g, ' ');
  const last = (name: string) =>
    [...text.matchAll(new RegExp(`^\\s*${name}\\s+(.+)$`, 'gim'))].at(-1)?.[1]?.trim() ?? '';
  const [entry, cmd] = [readExec(last('ENTRYPOINT')), readExec(last('CMD'))];
  const command = Array.isArray(entry) && Array.isArray(cmd) ? [...entry, ...cmd] : (entry ?? cmd);
  return command === null ? null : commandCandidate(look, command, 'the Dockerfile says');
}

/** `["a", "b"]` or a line for the shell. */
function readExec(text: string): string | string[] | null {
  if (!text.startsWith('[')) return text || null;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.map(String) : null;
  } catch {
    // Docker takes what is no JSON as a line for the shell.
    return text;
  }
}

function voila(look: FolderLook): Candidate | null {
  const notebooks = look.names.filter((name) => /^[^/]+\.ipynb$/.test(name));
  const [notebook] = notebooks;
  if (!notebook || !wants(look, 'voila')) return null;
  return {
    kind: 'voila',
    line: voilaLine(notebooks.length === 1 ? quote(notebook) : ''),
    listen: 'port',
    confidence: 'sure',
    why: ['its packages name voila', notebooks.length === 1 ? `${notebook} is shown` : 'its notebooks are listed'],
  };
}

/** What Passenger and some hosts start: `application` of passenger_wsgi.py. */
function passenger(look: FolderLook): Candidate | null {
  const file = pythonFiles(look).find(({ file: name }) => name === 'passenger_wsgi.py');
  if (!file || !/\bapplication\b/.test(file.text)) return null;
  return {
    kind: 'wsgi',
    line: wsgiLine('passenger_wsgi:application'),
    listen: 'socket',
    confidence: 'sure',
    why: ['passenger_wsgi.py has the application'],
  };
}
