import type { Recognition } from '../../shared/folders.ts';
import { describeForeignFolder } from '../../shared/foreign-folder-policy.ts';
import type { Candidate } from './candidate.ts';
import { environmentOf } from './dependency-files.ts';
import type { FolderLook } from './folder-look.ts';
import { nodeCandidates } from './node-policy.ts';
import { pythonCandidates } from './python-app-policy.ts';
import { rCandidates } from './r-policy.ts';
import { projectScripts, saidCandidates } from './said-policy.ts';
import { staticLine } from './start-lines.ts';

interface Recognised {
  recognition: Recognition;
  /** Other ways to start it, the likeliest first. */
  candidates: Recognition[];
}

const MOST = 20;

/** What a folder is: what it says itself, then what its programs are, then pages; the first is the likeliest. `path`: how it is named. */
export function recognise(look: FolderLook, path = 'DIR'): Recognised {
  const found = [
    ...saidCandidates(look),
    ...pythonCandidates(look),
    ...rCandidates(look),
    ...nodeCandidates(look),
    ...projectScripts(look),
    ...pages(look),
  ];
  const readsRescale = [...look.heads].some(
    ([name, text]) => name.endsWith('.py') && /\bRESCALE_CLUSTER_ID\b/.test(text),
  );
  const all = unique(found).map((candidate) => complete(candidate, look, readsRescale));
  const foreign = describeForeignFolder(look.names, path);
  const [recognition = complete(unknown, look, false), ...candidates] = all;
  if (foreign === null) return { recognition, candidates: candidates.slice(0, MOST) };
  const why = [`${foreign.message} ${foreign.hint}`];
  return {
    recognition: { ...complete(unknown, look, false), why },
    candidates: all.slice(0, MOST),
  };
}

const unknown: Candidate = {
  kind: 'other',
  line: '',
  listen: 'socket',
  confidence: 'guess',
  why: ['Nothing in it says how it starts: write the line that starts it'],
};

function complete(found: Candidate, look: FolderLook, readsRescale: boolean): Recognition {
  const { installsItself, ...candidate } = found;
  const environment = installsItself ? { kind: 'none' as const, files: [] } : environmentOf(look, candidate.kind);
  const isRescale = candidate.kind !== 'rescale' && readsRescale;
  if (!isRescale) return { ...candidate, environment };
  return { ...candidate, environment, rescale: true, why: [...candidate.why, 'RESCALE_CLUSTER_ID is read'] };
}

/** Two statements of one start are one. */
const unique = (candidates: readonly Candidate[]): Candidate[] =>
  [...new Map(candidates.toReversed().map((candidate) => [candidate.line, candidate])).values()].reverse();

function pages({ names }: FolderLook): Candidate[] {
  if (!names.includes('index.html')) return [];
  return [
    {
      kind: 'static',
      line: staticLine,
      listen: 'socket',
      confidence: names.some((name) => /\.(py|R|js)$/.test(name) && !name.includes('/')) ? 'guess' : 'likely',
      why: ['index.html is there'],
    },
  ];
}
