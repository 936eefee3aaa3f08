import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { nameOf } from '../../cli/general-options.ts';
import { createProgram } from '../../cli/program.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'cli');

/** One declaration at the top of a file: what it refers to, by name, and the calls of the engine that it names. */
interface Part {
  calls: Set<string>;
  /** `FILE NAME` of each declaration that it may use. */
  uses: Set<string>;
}

/** Where the source of `cli/` is formatted, each declaration at the top begins a line, and no other line begins so. */
const declaration = /^(?:export )?(?:async )?(?:function\*?|const|class) (\w+)/;

/** The declarations of `cli/` by `FILE NAME`. `calls`: names of requests and streams. */
function readParts(calls: ReadonlySet<string>): Map<string, Part> {
  const parts = new Map<string, Part>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    const imported = importsOf(file, text);
    const sections = text.split(/^(?=(?:export )?(?:async )?(?:function\*?|const|class) )/m);
    const own = sections.flatMap((section) => declaration.exec(section)?.[1] ?? []);
    for (const section of sections) {
      const name = declaration.exec(section)?.[1];
      if (name === undefined) continue;
      const words = new Set(section.match(/\w+/g));
      const local = own.filter((each) => each !== name && words.has(each)).map((each) => `${file} ${each}`);
      const others = [...imported].filter(([each]) => words.has(each)).map(([, target]) => target);
      const named = [...section.matchAll(/'(\w+\.\w+)'/g)].flatMap(([, call = '']) => (calls.has(call) ? [call] : []));
      parts.set(`${file} ${name}`, { calls: new Set(named), uses: new Set([...local, ...others]) });
    }
  }
  return parts;
}

/** What a file imports from others of `cli/`, by the name it has in the file. */
function importsOf(file: string, text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, names = '', from = ''] of text.matchAll(/^import (?:type )?\{([^}]+)\} from '(\.[^']+)'/gm)) {
    const target = relative(folder, resolve(folder, file, '..', from));
    for (const each of names.split(',')) {
      const [original = '', alias = original] = each.replace('type ', '').trim().split(' as ');
      if (original !== '') found.set(alias, `${target} ${original}`);
    }
  }
  return found;
}

/** The function that each command loads and calls, by the words of the command. */
function readActions(): Map<string, string> {
  const actions = new Map<string, string>();
  const declared = new Map<Command, string>();
  const original = Command.prototype.action;
  Command.prototype.action = function (this: Command, run) {
    declared.set(this, String(run));
    return original.call(this, run);
  };
  try {
    createProgram();
  } finally {
    Command.prototype.action = original;
  }
  for (const [command, text] of declared) {
    // e.g. `(await actions()).testCluster(` or `const { runScript } = await import(`.
    const name = /\(await [^;]*?\)\)\.(\w+)\(/.exec(text)?.[1] ?? /const \{ (\w+) \} = await/.exec(text)?.[1];
    if (name !== undefined) actions.set(nameOf(command), name);
  }
  return actions;
}

/** The requests and streams that each command can call, read from the source of `cli/`. */
export function readCallsOfCommands(calls: ReadonlySet<string>): Map<string, Set<string>> {
  const parts = readParts(calls);
  const reach = (key: string, seen: Set<string>): void => {
    const part = parts.get(key);
    if (!part || seen.has(key)) return;
    seen.add(key);
    for (const used of part.uses) reach(used, seen);
  };
  const found = new Map<string, Set<string>>();
  for (const [command, name] of readActions()) {
    const starts = [...parts.keys()].filter(
      (key) => /^(actions|local|completion|manual)\//.test(key) && key.endsWith(` ${name}`),
    );
    if (starts.length !== 1) throw new Error(`${starts.length} functions are called ${name}, which ${command} calls`);
    const seen = new Set<string>();
    for (const start of starts) reach(start, seen);
    found.set(command, new Set([...seen].flatMap((key) => [...(parts.get(key)?.calls ?? [])])));
  }
  return found;
}
