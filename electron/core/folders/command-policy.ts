import { ownValue } from '../../shared/own-value.ts';
import { quote } from '../../shared/shell-quote.ts';
import type { Candidate } from './candidate.ts';
import type { FolderLook } from './folder-look.ts';
import { pythonCandidate, pythonKind } from './python-app-policy.ts';
import * as lines from './start-lines.ts';

type Start = Pick<Candidate, 'line' | 'listen'> & { kind?: Candidate['kind'] };

/** Options of a server about where it listens, which the launch decides; those with a value, then those without. */
const endpoints: Record<string, readonly string[]> = {
  gunicorn: ['-b', '--bind'],
  uvicorn: ['--host', '--port', '--uds', '--fd'],
  hypercorn: ['-b', '--bind'],
  'waitress-serve': ['--listen', '--host', '--port', '--unix-socket'],
  daphne: ['-b', '--bind', '-p', '--port', '-u'],
  flask: ['-h', '--host', '-p', '--port', '--app', '-A'],
  streamlit: ['--server.port', '--server.address', '--server.headless'],
  panel: ['--address', '--port', '--allow-websocket-origin'],
  bokeh: ['--address', '--port', '--unix-socket', '--allow-websocket-origin'],
  voila: ['--port', '--Voila.ip', '--ip'],
  shiny: ['--host', '--port', '-h', '-p'],
};

const byProgram: Record<string, (rest: readonly string[]) => Start> = {
  gunicorn: (rest) => onSocket(lines.gunicornLine(join(rest)), kindOfTarget(rest, 'wsgi')),
  uvicorn: (rest) => onSocket(lines.uvicornLine(join(rest)), 'asgi'),
  hypercorn: (rest) => onSocket(lines.hypercornLine(join(rest)), 'asgi'),
  'waitress-serve': (rest) => onSocket(`python3 -m waitress --unix-socket="$TUNEL_SOCKET" ${join(rest)}`, 'wsgi'),
  daphne: (rest) => onSocket(`python3 -m daphne -u "$TUNEL_SOCKET" ${join(rest)}`, 'asgi'),
  streamlit: ([, ...rest]) => onSocket(lines.streamlitLine(join(rest)), 'streamlit'),
  panel: ([, ...rest]) => onPort(lines.panelLine(join(rest)), 'panel'),
  bokeh: ([, ...rest]) => onSocket(lines.bokehLine(join(rest)), 'bokeh'),
  voila: (rest) => onPort(lines.voilaLine(join(rest)), 'voila'),
  shiny: ([, ...rest]) => onPort(lines.pythonShinyLine(join(rest)), 'shiny-python'),
  Rscript: (rest) => onPort(lines.portLine(`Rscript ${join(rest)}`)),
  ...Object.fromEntries(
    ['node', 'npm', 'yarn', 'pnpm', 'npx', 'nodemon'].map((name) => [
      name,
      (rest: readonly string[]) => onSocket(lines.nodeSocketLine(`${name} ${join(rest)}`), 'node'),
    ]),
  ),
};

const onSocket = (line: string, kind: Candidate['kind'] = 'other'): Start => ({ line, listen: 'socket', kind });
const onPort = (line: string, kind: Candidate['kind'] = 'other'): Start => ({ line, listen: 'port', kind });
const join = (words: readonly string[]): string => words.map(quoteUnlessVariable).join(' ');
/** `$WORKERS` is left to the shell that runs the line. */
const quoteUnlessVariable = (word: string): string => (/^[\w$:./=@%+,-]*$/.test(word) ? word : quote(word));
const kindOfTarget = (rest: readonly string[], kind: Candidate['kind']): Candidate['kind'] =>
  rest.some((word) => /UvicornWorker/.test(word)) ? 'asgi' : kind;

/**
 * A command that a folder says starts its app, made to listen where the launch wants it; what is not known keeps its
 * words and finds PORT and HOST. `why` says where it was read.
 */
export function commandCandidate(look: FolderLook, command: string | readonly string[], why: string): Candidate | null {
  const { words, variables } = readCommand(command);
  if (words === null) return typeof command === 'string' ? plain(command, why) : null;
  const [program = '', ...rest] = words;
  if (program === '') return null;
  const { kind = 'other', ...start } = startOf(look, program, rest, variables);
  const target = rest.find((word) => /^[\w./]+:[\w.()]+$/.test(word));
  const file = target?.split(':')[0] ?? rest.find((word) => word.endsWith('.py')) ?? '';
  const isServer = kind === 'wsgi' || kind === 'asgi';
  const prefix = Object.entries(variables).map(([name, value]) => `${name}=${quoteUnlessVariable(value)} `);
  return {
    ...start,
    line: prefix.join('') + start.line,
    kind: isServer ? (pythonKind(look, file.replace(/^\.\//, '')) ?? kind) : kind,
    confidence: kind === 'other' ? 'likely' : 'sure',
    why: [`${why}: ${typeof command === 'string' ? command : command.join(' ')}`],
  };
}

function startOf(look: FolderLook, program: string, rest: readonly string[], variables: Record<string, string>): Start {
  const own = withoutEndpoint(program, rest);
  const start = ownValue(byProgram, program);
  if (start) return start(own);
  if (program === 'flask' && rest.includes('run')) return flaskStart(rest, own, variables);
  if (program === 'fastapi') {
    const candidate = pythonCandidate(look, rest.find((word) => word.endsWith('.py')) ?? 'main.py');
    if (candidate) return candidate;
  }
  if (/^python[\d.]*$/.test(program)) return pythonStart(look, rest);
  return onPort(lines.portLine(loopback([program, ...rest].map(quoteUnlessVariable).join(' '))));
}

function flaskStart(rest: readonly string[], own: readonly string[], variables: Record<string, string>): Start {
  const at = rest.findIndex((word) => /^(?:--app|-A)(?:=|$)/.test(word));
  const target = at < 0 ? variables.FLASK_APP : (rest[at]?.split('=')[1] ?? rest[at + 1]);
  delete variables.FLASK_APP;
  const options = join(own.filter((word) => word !== 'run'));
  const line = target
    ? lines.flaskLine(quote(target), options)
    : `python3 -m flask run --host "unix://$TUNEL_SOCKET" ${options}`;
  return onSocket(line.trimEnd(), 'flask');
}

function pythonStart(look: FolderLook, rest: readonly string[]): Start {
  const at = rest.findIndex((word) => !word.startsWith('-') || word === '-m');
  const first = rest[at] ?? '';
  if (first === '-m') {
    const [name = '', ...more] = rest.slice(at + 1);
    if (name === 'http.server') return onSocket(lines.staticLine, 'static');
    return startOf(look, name === 'waitress' ? 'waitress-serve' : name, more, {});
  }
  const known = pythonCandidate(look, first);
  // A server that is given the app opens a socket; the script would open a port.
  if (known && known.listen === 'socket') return known;
  return onPort(lines.pythonPortLine(join(rest.slice(at))), known?.kind ?? 'other');
}

/** A module that is run as `python -m NAME` is a program as well, once it is no server we know. */
function plain(command: string, why: string): Candidate {
  return {
    kind: 'other',
    line: lines.portLine(`sh -c ${quote(loopback(command))}`),
    listen: 'port',
    confidence: 'guess',
    why: [`${why}: ${command}`],
  };
}

const loopback = (command: string): string =>
  command.replaceAll('0.0.0.0', '127.0.0.1').replace(/(--port[= ])\d+\b/, '$1"$TUNEL_PORT"');

function withoutEndpoint(program: string, words: readonly string[]): string[] {
  const options = ownValue(endpoints, program) ?? [];
  const kept: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (options.includes(word)) at += 1;
    else if (!options.some((option) => word.startsWith(`${option}=`))) kept.push(word);
  }
  return kept;
}

const launchers =
  /^(?:exec|nohup|poetry|pipenv|uv|pdm|run|conda|mamba|micromamba|tini|dumb-init|--no-capture-output|--)$/;

/** Its words and the variables set before them; no words: a line that only a shell can read. */
function readCommand(command: string | readonly string[]): {
  words: string[] | null;
  variables: Record<string, string>;
} {
  const variables: Record<string, string> = {};
  if (typeof command !== 'string') {
    const [shell = '', option = '', line = ''] = command;
    if (/^(?:\/bin\/)?(?:ba)?sh$/.test(shell) && /^-\w*c$/.test(option)) return readCommand(line);
  } else if (/[;&|<>`]|\$\(/.test(command)) return { words: null, variables };
  const words = typeof command === 'string' ? splitWords(command) : [...command];
  for (let word = words[0]; word !== undefined; word = words[0]) {
    const set = /^([A-Z_][A-Z0-9_]*)=(.*)$/.exec(word);
    if (set?.[1]) variables[set[1]] = set[2] ?? '';
    else if ((word === '-n' || word === '-p') && words.length > 2) words.shift();
    else if (!launchers.test(word)) break;
    words.shift();
  }
  const [program = '', ...rest] = words;
  return { words: [program.replace(/^.*\//, program.startsWith('./') ? './' : ''), ...rest], variables };
}

const splitWords = (line: string): string[] =>
  [...line.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single),
  );
