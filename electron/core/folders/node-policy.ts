import { ownValue } from '../../shared/own-value.ts';
import { quote } from '../../shared/shell-quote.ts';
import type { Candidate } from './candidate.ts';
import { builderOf, readManifest } from './dependency-files.ts';
import type { FolderLook } from './folder-look.ts';
import { nodeSocketLine, portLine, staticLine } from './start-lines.ts';

/** Where builders put the pages, unless their settings say otherwise. */
const outputs: Record<string, string> = { 'react-scripts': 'build' };

/** Programs of Node.js and pages that a tool of it builds. */
export function nodeCandidates(look: FolderLook): Candidate[] {
  const manifest = readManifest(look);
  if (!manifest) return [];
  const { scripts, packages } = manifest;
  const builder = builderOf(look);
  if (packages.includes('next')) return [nextApp(scripts)];
  const server = serverOf(look, manifest.main, scripts.start);
  // Without a server among its files, its start script is the builder's own.
  const isBuilt = builder !== '' && !(server && server.file !== '');
  return [...(isBuilt ? [builtPages(builder, look)] : []), ...(server && !isBuilt ? [server.candidate] : [])];
}

const nextApp = (scripts: Record<string, string>): Candidate => ({
  kind: 'node',
  line: portLine(
    `sh -c '${scripts.build ? 'npm run build && ' : ''}exec npx --no-install next start -H 127.0.0.1 -p "$PORT"'`,
  ),
  listen: 'port',
  confidence: 'likely',
  why: ['package.json names Next.js', 'it is built first, then started on a port'],
});

function builtPages(builder: string, { heads }: FolderLook): Candidate {
  const settings = [...heads].find(([name]) => /^vite\.config\.[cm]?[jt]s$/.test(name))?.[1] ?? '';
  const folder = /\boutDir:\s*['"]([\w./-]+)['"]/.exec(settings)?.[1] ?? ownValue(outputs, builder) ?? 'dist';
  return {
    kind: 'static',
    line: `npm run build && cd ${quote(folder)} && ${staticLine}`,
    listen: 'socket',
    confidence: 'likely',
    why: [`package.json names ${builder}`, `its pages are built first, then served from ${folder}`],
  };
}

/** `file` is empty where the start script names none. */
function serverOf(look: FolderLook, main: string, start: string | undefined) {
  const { names, heads } = look;
  const entry = [main, 'server.js', 'index.js', 'app.js'].find((name) => name !== '' && names.includes(name));
  if (start === undefined && !entry) return null;
  const named = start === undefined ? entry : /\bnode\s+(?:-\S+\s+)*(\S+\.[cm]?js)/.exec(start)?.[1];
  const file = (named ?? '').replace(/^\.\//, '');
  const source = heads.get(file || (entry ?? '')) ?? '';
  const run = start === undefined ? `node ${quote(entry ?? '')}` : 'npm start';
  // A path given to listen() is a Unix socket, unless the program makes a number of it first.
  const takesPath =
    /\.listen\(\s*process\.env\.PORT\s*[,)|?]/.test(source) ||
    (/\b(?:const|let|var)\s+(\w+)\s*=\s*process\.env\.PORT\b/.test(source) &&
      new RegExp(`\\.listen\\(\\s*${/(\w+)\s*=\s*process\.env\.PORT\b/.exec(source)?.[1]}\\b`).test(source));
  const isNumber = /(Number|parseInt|Number\.parseInt)\(\s*process\.env\.PORT|\+\s*process\.env\.PORT/.test(source);
  const how = takesPath && !isNumber ? `PORT=$TUNEL_SOCKET ${run}` : nodeSocketLine(run);
  const candidate: Candidate = {
    kind: 'node',
    line: how,
    listen: 'socket',
    confidence: source === '' ? 'guess' : 'likely',
    why: [
      start === undefined ? `package.json and ${entry} are there` : 'package.json has a start script',
      takesPath && !isNumber ? 'it listens where PORT says' : 'the port it listens on becomes the socket',
    ],
  };
  return { file, candidate };
}
