import { StreamLanguage, type StreamParser } from '@codemirror/language';
import { c, cpp } from '@codemirror/legacy-modes/mode/clike';
import { fortran } from '@codemirror/legacy-modes/mode/fortran';
import { json } from '@codemirror/legacy-modes/mode/javascript';
import { julia } from '@codemirror/legacy-modes/mode/julia';
import { properties } from '@codemirror/legacy-modes/mode/properties';
import { python } from '@codemirror/legacy-modes/mode/python';
import { r } from '@codemirror/legacy-modes/mode/r';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { toml } from '@codemirror/legacy-modes/mode/toml';
import { yaml } from '@codemirror/legacy-modes/mode/yaml';
import type { Extension } from '@codemirror/state';

const parsers = { shell, python, yaml, json, toml, properties, r, julia, fortran, c, cpp };
export type Language = keyof typeof parsers | 'text';

export const languageTitles: Readonly<Record<Language, string>> = {
  shell: 'Shell',
  python: 'Python',
  yaml: 'YAML',
  json: 'JSON',
  toml: 'TOML',
  properties: 'INI',
  r: 'R',
  julia: 'Julia',
  fortran: 'Fortran',
  c: 'C',
  cpp: 'C++',
  text: 'Text',
};

const byExtension: Readonly<Record<string, Language>> = {
  ...Object.fromEntries(
    ['sh', 'bash', 'ksh', 'slurm', 'sbatch', 'pbs', 'sge', 'lsf', 'job'].map((each) => [each, 'shell']),
  ),
  ...Object.fromEntries(['py', 'pyw', 'pyi'].map((each) => [each, 'python'])),
  ...Object.fromEntries(['yaml', 'yml'].map((each) => [each, 'yaml'])),
  ...Object.fromEntries(['json', 'jsonl', 'ipynb', 'geojson'].map((each) => [each, 'json'])),
  ...Object.fromEntries(['ini', 'cfg', 'conf', 'properties', 'desktop'].map((each) => [each, 'properties'])),
  ...Object.fromEntries(['f', 'for', 'f77', 'f90', 'f95', 'f03', 'f08'].map((each) => [each, 'fortran'])),
  ...Object.fromEntries(['cc', 'cpp', 'cxx', 'hpp', 'hh', 'cu'].map((each) => [each, 'cpp'])),
  ...Object.fromEntries(['c', 'h'].map((each) => [each, 'c'])),
  toml: 'toml',
  r: 'r',
  jl: 'julia',
};

const shellNames = /^\.?(?:bashrc|bash_profile|bash_login|bash_aliases|profile|zshrc|zprofile|kshrc|login)$/;
const interpreters: readonly (readonly [RegExp, Language])[] = [
  [/^#!.*\b(?:ba|da|k|z|)sh\b/, 'shell'],
  [/^#!.*\bpython[\d.]*\b/, 'python'],
  [/^#!.*\bRscript\b/, 'r'],
  [/^#!.*\bjulia\b/, 'julia'],
];

/** What a file is written in, by its name, else by its first line. */
export function languageOf(name: string, firstLine: string): Language {
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const known = Object.hasOwn(byExtension, extension) ? byExtension[extension] : undefined;
  if (known) return known;
  if (shellNames.test(name)) return 'shell';
  return interpreters.find(([pattern]) => pattern.test(firstLine))?.[1] ?? 'text';
}

const supports = new Map<Language, Extension>();

export function languageSupport(language: Language): Extension {
  if (language === 'text') return [];
  const parser: StreamParser<unknown> = parsers[language];
  const support = supports.get(language) ?? StreamLanguage.define(parser);
  supports.set(language, support);
  return support;
}
