import ignore, { type Ignore } from 'ignore';

/** Never sent, in .gitignore's syntax: version control, caches, and environments that are made anew on the cluster. */
export const alwaysIgnored: readonly string[] = [
  '.git/',
  '.hg/',
  '.svn/',
  '.venv/',
  'venv/',
  'node_modules/',
  '__pycache__/',
  '*.pyc',
  '.pytest_cache/',
  '.mypy_cache/',
  '.ruff_cache/',
  '.ipynb_checkpoints/',
  '.tox/',
  '.Rproj.user/',
  'renv/library/',
  '.DS_Store',
  'Thumbs.db',
  '__MACOSX/',
];

/** Whether names that differ in case only are one: as git takes it on this kind of system. */
const ignorecase = process.platform !== 'linux';

/** What the lines of a .gitignore leave out, relative to where it lies. */
export const rulesOf = (lines: string | readonly string[]): Ignore =>
  ignore({ ignorecase }).add(typeof lines === 'string' ? lines.replace(/^\ufeff/, '') : lines);
