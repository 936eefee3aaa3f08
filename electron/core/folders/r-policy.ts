import type { Candidate } from './candidate.ts';
import type { FolderLook } from './folder-look.ts';
import { plumberLine, shinyLine } from './start-lines.ts';

/** Apps in R. */
export function rCandidates({ names, heads }: FolderLook): Candidate[] {
  const found: Candidate[] = [];
  const add = (kind: Candidate['kind'], line: string, why: string) =>
    found.push({ kind, line, listen: 'port', confidence: 'sure', why: [why] });
  const app = heads.get('app.R') ?? '';
  if (names.includes('app.R') && /shiny|\brun_app\(/i.test(app)) add('shiny', shinyLine('"."'), 'app.R uses shiny');
  else if (names.includes('ui.R') && names.includes('server.R')) {
    add('shiny', shinyLine('"."'), 'ui.R and server.R are there');
  } else if (isGolem({ names, heads })) {
    add('shiny', shinyLine('{ pkgload::load_all("."); run_app() }'), 'a package made with golem, started by run_app()');
  }
  const plumber = ['entrypoint.R', 'plumber.R', 'api.R'].find((name) => names.includes(name));
  if (
    plumber &&
    (plumber !== 'api.R' || /^#[*']\s*@(?:get|post|put|delete|apiTitle)\b/m.test(heads.get(plumber) ?? ''))
  ) {
    const line = plumber === 'api.R' ? plumberLine.replace('plumb(dir = ".")', 'plumb("api.R")') : plumberLine;
    add('plumber', line, `${plumber} is there`);
  }
  return found;
}

const isGolem = ({ names, heads }: FolderLook): boolean =>
  names.includes('DESCRIPTION') &&
  names.includes('R/run_app.R') &&
  (names.includes('inst/golem-config.yml') || /\bgolem\b/.test(heads.get('DESCRIPTION') ?? ''));
