import { Random } from './random.ts';

export interface Case {
  template: string;
  context: Record<string, unknown>;
  includes: Record<string, string>;
}

type Kind = 'text' | 'int' | 'float' | 'bool' | 'list' | 'dict' | 'any';
const kinds: readonly Kind[] = ['text', 'int', 'float', 'bool', 'list', 'dict'];
const words = [
  'a',
  'Jupyter',
  'x y',
  '',
  ' pad ',
  '--x=1',
  "it's",
  '"q"',
  'ü€',
  '😀b',
  'a\nb\n',
  'a,b;c',
  '$HOME/x',
  '42',
  '3.70',
  '-7',
  'B',
  'TRUE',
  '{x}',
  'a\tb',
  '<&>',
];
const names: Record<Kind, readonly string[]> = {
  text: ['s', 't', 'args.name', 'args["path"]', 'jobslug'],
  int: ['n', 'm', 'args.port'],
  float: ['f', 'g'],
  bool: ['yes', 'no', 'args.flag'],
  list: ['xs', 'words', 'paths', 'rows'],
  dict: ['args', 'd', 'rows[0]'],
  any: ['missing', 'args.missing', 'v', 'w', 'none'],
};

/** One template of the subset recipes use, with a context and includes. Most are sound; some are meant to fail. */
export function generate(seed: number): Case {
  return new Generator(new Random(seed)).make();
}

class Generator {
  readonly #r: Random;
  #loops = 0;

  constructor(random: Random) {
    this.#r = random;
  }

  make(): Case {
    const r = this.#r;
    const includes = {
      'bash/set.sh': `${this.#body(1)}\n`,
      'a.sh': this.#body(0),
      'sub/b': `{% include "a.sh" %}${this.#body(0)}\n\n`,
    };
    return {
      template: this.#body(r.pick([1, 1, 2, 2, 3])) + r.pick(['', '\n', '\n\n', '\r\n']),
      context: this.#context(),
      includes,
    };
  }

  #context(): Record<string, unknown> {
    const r = this.#r;
    const text = () => r.pick(words);
    const number = () => r.pick([0, 1, -1, 2, 7, 80, 8888, 65536]);
    const float = () => r.pick([0.5, 1.5, 2.5, -3.25, 1e-7, 1.25e21, 123456.789, 2.675]);
    const row = () => ({ name: text(), n: number(), on: r.chance(0.5) });
    return {
      s: text(),
      t: text(),
      n: number(),
      m: number(),
      f: float(),
      g: float(),
      yes: true,
      no: false,
      jobslug: 'slurm-jupyter',
      args: {
        name: text(),
        path: text(),
        port: number(),
        flag: r.chance(0.5),
        ...(r.chance(0.5) ? { list: r.list(3, text) } : {}),
      },
      xs: r.list(4, number),
      words: r.list(4, text),
      paths: r.list(3, text),
      rows: [row(), ...r.list(2, row)],
      d: row(),
      ...(r.chance(0.3) ? { v: r.pick([1, 'ctx', true, null, [1, 'x']]) } : {}),
    };
  }

  #body(depth: number): string {
    return Array.from({ length: 1 + this.#r.int(4) }, () => this.#part(depth)).join('');
  }

  #part(depth: number): string {
    const r = this.#r;
    const roll = r.int(depth > 0 ? 20 : 9);
    if (roll < 4)
      return r.pick([
        'text',
        ' ',
        '\n',
        '\n  ',
        ' \t\n',
        'echo $X\n',
        '#!/bin/bash\n',
        '$(id)',
        '{ }',
        '%',
        '}}',
        '\r\n',
        'ü\n',
        '{',
        '#}',
      ]);
    if (roll < 8) return `${this.#open('{{')} ${this.#expr('any', 3)} ${this.#close('}}')}`;
    if (roll < 9)
      return r.pick([
        '{# c {{ x }} #}',
        '{#- c -#}',
        '{% raw %}{{ x }}{% endraw %}',
        '{%- raw -%} {% if %} {%- endraw -%}',
        '{#+ c\n+#}',
      ]);
    if (roll < 12) return this.#if(depth - 1);
    if (roll < 15) return this.#for(depth - 1);
    if (roll < 17) return this.#set(depth - 1);
    if (roll < 19) return this.#include();
    return r.chance(0.5)
      ? `${this.#tag(`with ${this.#name()} = ${this.#expr('any', 2)}`)}${this.#body(depth - 1)}${this.#tag('endwith')}`
      : `${this.#tag(`filter ${r.pick(['upper', 'trim', 'indent', 'replace("a", "b")', 'indent(2, true)|title'])}`)}${this.#body(depth - 1)}${this.#tag('endfilter')}`;
  }

  #open(mark: string): string {
    return mark + this.#r.pick(['', '', '', '-', '+']);
  }

  #close(mark: string): string {
    return this.#r.pick(['', '', '', '-']) + mark;
  }

  #tag(inside: string): string {
    const r = this.#r;
    return `${this.#open('{%')}${r.pick([' ', ' ', '', '\n'])}${inside} ${this.#close('%}')}`;
  }

  #if(depth: number): string {
    const r = this.#r;
    let text = this.#tag(`if ${this.#condition()}`) + this.#body(depth);
    for (let index = r.int(3); index > 0; index--) text += this.#tag(`elif ${this.#condition()}`) + this.#body(depth);
    if (r.chance(0.5)) text += this.#tag('else') + this.#body(depth);
    return text + this.#tag('endif');
  }

  #condition(): string {
    return this.#r.chance(0.6) ? this.#bool(2) : this.#expr('any', 2);
  }

  #for(depth: number): string {
    const r = this.#r;
    const [target, over] = r.pick([
      [this.#name(), () => this.#expr('list', 2)],
      [this.#name(), () => this.#expr('list', 1)],
      ['k, v', () => `${r.pick(['args', 'd'])}.items()`],
      ['k, v', () => r.pick(['d|dictsort', 'args|items', '[("a", 1), ("b", [2])]'])],
      ['i', () => r.pick(['range(3)', `range(${r.int(4)})`, 'range(1, 8, 3)', 'range(3, 0, -1)'])],
      ['c', () => this.#expr(r.pick(['text', 'any', 'dict']), 1)],
    ] as const);
    const test = r.chance(0.25) ? ` if ${this.#bool(1)}` : '';
    this.#loops++;
    const body = (r.chance(0.3) ? `{{ ${r.pick(['i', 'k', 'v', 'c', 'x'])} }},` : '') + this.#body(depth);
    this.#loops--;
    const otherwise = r.chance(0.3) ? this.#tag('else') + this.#body(0) : '';
    return this.#tag(`for ${target} in ${over()}${test}`) + body + otherwise + this.#tag('endfor');
  }

  #set(depth: number): string {
    const r = this.#r;
    const roll = r.int(10);
    if (roll < 6) return this.#tag(`set ${this.#name()} = ${this.#expr('any', 3)}`);
    if (roll < 7) return this.#tag(`set v, w = ${this.#expr('any', 1)}, ${this.#expr('any', 1)}`);
    if (roll < 8)
      return `${this.#tag('set ns = namespace(n=0)')}{% for i in xs %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}`;
    return `${this.#tag(`set ${this.#name()}${r.pick(['', '', ' | upper', ' | trim | length'])}`)}${this.#body(depth)}${this.#tag('endset')}`;
  }

  #include(): string {
    const r = this.#r;
    const what = r.pick([
      '"bash/set.sh"',
      '"a.sh"',
      "'sub/b'",
      '"none"',
      '["none", "a.sh"]',
      '["none"]',
      '"a" ~ ".sh"',
    ]);
    const missing = what.includes('none') && r.chance(0.8) ? ' ignore missing' : r.pick(['', '', ' ignore missing']);
    return this.#tag(`include ${what}${missing}${r.pick(['', '', ' with context', ' without context'])}`);
  }

  #name(): string {
    return this.#r.pick(['x', 'y', 'v', 'w', 's', 'n']);
  }

  #expr(kind: Kind, depth: number): string {
    const r = this.#r;
    const wanted = kind === 'any' ? (r.chance(0.06) ? 'any' : r.pick(kinds)) : r.chance(0.006) ? r.pick(kinds) : kind;
    const value = this.#kind(wanted, depth);
    return r.chance(0.1) ? `(${value})` : value;
  }

  #kind(kind: Kind, depth: number): string {
    const r = this.#r;
    if (depth <= 0 || r.chance(0.2))
      return r.chance(0.6) ? r.pick([...names[kind], ...this.#loopName(kind)]) : this.#literal(kind);
    const { text, int, list, dict, any, float } = this.#operands(depth - 1);
    if (r.chance(0.08))
      return `${this.#expr(kind, depth - 1)} if ${this.#bool(1)}${r.chance(0.8) ? ` else ${this.#expr(kind, depth - 1)}` : ''}`;
    switch (kind) {
      case 'text':
        return r.pick<() => string>([
          () => `${any()} ~ ${any()}`,
          () => `${text()} + ${text()}`,
          () => `${text()} * ${r.pick(['2', '0', '3'])}`,
          () => `${any()} | default(${any()})`,
          () => `${any()} | d(${text()}, true)`,
          () =>
            `${text()} | ${r.pick(['upper', 'lower', 'title', 'capitalize', 'trim', 'reverse', 'string', 'first', 'last', 'indent', 'indent(2)', 'indent("> ", true, true)', 'center(9)', 'truncate(5, true, "…", 0)', 'truncate(9)'])}`,
          () => `${any()} | string`,
          () => `${text()} | replace(${text()}, ${text()})`,
          () => `${text()} | replace("a", "bb", 1)`,
          () => `${list()} | join(${r.pick(['', '","', '" "', ',', '"-" , "name"'])})`,
          () => `${list()} | map("string") | join(",")`,
          () =>
            `${text()}.${r.pick(['upper()', 'lower()', 'strip()', 'lstrip()', 'rstrip("b")', 'strip("a\\n")', 'capitalize()', 'replace("a", "_")', 'split(",")[0]', 'zfill(5)', 'rjust(6, ".")', 'ljust(4)', 'center(8, "*")', 'removeprefix("a")'])}`,
          () => `${text()}.join(${r.pick(['words', '["a", "b"]', 's'])})`,
          () => `${text()}[${r.pick(['0', '-1', '1:', ':2', '::-1', '1:-1', '::2', '5', 'n'])}]`,
          () => `"%s=%s" | format(${any()}, ${any()})`,
          () =>
            `"${r.pick(['%d', '%5d', '%-5d|', '%05d', '%+d', '%x', '%5.2f', '%.3f', '%e', '%g', '%s', '%10s', '%-6s|', '%r', '%%'])}" % ${r.pick([int, float, text])()}`,
          () => `"${r.pick(['{}', '{0}-{0}', '{:>6}', '{:<5}|', '{:^7}', '{!r}', '{{}}{}'])}".format(${any()})`,
          () =>
            `"${r.pick(['{:05d}', '{:,}', '{:+}', '{:x}', '{:.2f}', '{:8.3f}', '{:e}'])}".format(${r.pick([int, float])()})`,
          () => `${any()} | tojson`,
          () => `[${text()}, ${text()}] | ${r.pick(['max', 'min', 'first', 'last'])}`,
        ])();
      case 'int':
        return r.pick<() => string>([
          () => `${int()} ${r.pick(['+', '-', '*', '//', '%'])} ${int()}`,
          () => `-${int()}`,
          () => `${int()} ** ${r.pick(['2', '3', '0', '2 ** 2'])}`,
          () => `${any()} | int`,
          () => `${any()} | int(${int()})`,
          () => `${r.pick([text, list, dict])()} | ${r.pick(['length', 'count'])}`,
          () => `${int()} | abs`,
          () => `${int()} | round`,
          () => `${list()} | sum`,
          () => `rows | map(attribute="n") | ${r.pick(['sum', 'max', 'min', 'first'])}`,
          () => `xs | ${r.pick(['max', 'min', 'sum', 'first', 'last'])}`,
          () =>
            `"${r.pick(['17', ' 5 ', '0x1f', '1_0', '4.9', 'z', '7'])}" | int(${r.pick(['', '9', '9, 16', 'base=8'])})`,
          () => `${text()}.${r.pick(['count("a")', 'find("b")', 'rfind("a")', 'index("a")'])}`,
          () => `${text()} | wordcount`,
        ])();
      case 'float':
        return r.pick<() => string>([
          () => `${int()} / ${int()}`,
          () => `${float()} ${r.pick(['+', '-', '*', '/', '//', '%'])} ${r.pick([int, float])()}`,
          () => `${any()} | float`,
          () => `${float()} | round${r.pick(['', '(1)', '(2)', '(1, "floor")', '(2, "ceil")', '(method="ceil")'])}`,
          () => `${float()} | abs`,
          () => `${r.pick(['(n | abs) ** 0.5', 'm ** -1', '7 ** -2', 'm ** -3'])}`,
        ])();
      case 'bool':
        return this.#bool(depth);
      case 'list':
        return r.pick<() => string>([
          () => `[${r.list(3, any).join(', ')}]`,
          () => `(${any()}, ${any()})`,
          () =>
            `${list()} | ${r.pick(['list', 'reverse | list', 'sort', 'sort(reverse=true)', 'unique | list', 'unique(true) | list', 'sort(case_sensitive=true)', 'map("upper") | list', 'map("int") | list', 'select | list', 'reject("none") | list', 'select("defined") | list', 'batch(2) | list', 'batch(3, "-") | list'])}`,
          () =>
            `${text()}.${r.pick(['split()', 'split(",")', 'split(" ", 1)', 'rsplit("a", 1)', 'splitlines()', 'split(maxsplit=1)'])}`,
          () => `${list()}[${r.pick(['1:', ':1', '::-1', '-2:', '0:9:2', 'n:', '2::-1'])}]`,
          () => `${list()} + ${list()}`,
          () => `${list()} * 2`,
          () => `range(${int()} % 5) | list`,
          () => `rows | map(attribute=${r.pick(['"name"', '"n"', '"none"', '"name.0"'])}) | list`,
          () =>
            `rows | ${r.pick(['selectattr("on")', 'rejectattr("on")', 'selectattr("n", "gt", 1)', 'selectattr("name", "in", words)', 'rejectattr("n", "eq", 0)', 'sort(attribute="n,name")', 'selectattr("none", "undefined")'])} | map(attribute="name") | list`,
          () =>
            `xs | ${r.pick(['select("odd")', 'reject("even")', 'select("gt", 1)', 'select("divisibleby", 2)', 'select("in", [1, 7])'])} | list`,
          () => `${dict()} | ${r.pick(['list', 'dictsort', 'items | list'])}`,
          () => `${dict()}.${r.pick(['keys() | list', 'values() | list', 'items()', 'keys()', 'items() | sort'])}`,
          () => `rows | groupby("on")`,
        ])();
      case 'dict':
        return r.pick<() => string>([
          () =>
            `{${r.list(3, () => `${r.pick(['"a"', '"b"', '1', '1.0', 'true', 's', '("x", 1)'])}: ${any()}`).join(', ')}}`,
          () => `dict(a=${any()}, b=${any()})`,
          () => `dict([("a", ${any()})])`,
          () => `dict(d, n=${any()})`,
        ])();
      case 'any':
        return r.pick<() => string>([
          () => `${dict()}.${r.pick(['a', 'b', 'name', 'none', 'get("name")', 'get("x", 5)', 'get("x")'])}`,
          () => `${dict()}[${r.pick(['"name"', '1', '"none"', 's', 'true'])}]`,
          () => `${list()}[${int()}]`,
          () => `${list()} | ${r.pick(['first', 'last', 'max', 'min'])}`,
          () => `${any()} ${r.pick(['and', 'or'])} ${any()}`,
          () =>
            `${any()} | ${r.pick(['upper', 'length', 'list', 'join', 'nosuch', 'first', 'round', 'abs', 'tojson', 'sort'])}`,
          () => `${any()} ${r.pick(['+', '-', '*', '/', '%', '<', '['])} ${any()}`,
          () => `missing.attribute`,
          () => `missing[0]`,
          () => `${r.pick(['s.nosuch()', 'n()', 'range(xs)', '1.5.x', 'loop.index', '{', 'xs xs', 'not'])}`,
        ])();
    }
  }

  #operands(depth: number) {
    const of = (kind: Kind) => () => `(${this.#expr(kind, depth)})`;
    const plain = (kind: Kind) => () => (this.#r.chance(0.7) ? this.#simple(kind) : of(kind)());
    return {
      text: plain('text'),
      int: plain('int'),
      list: plain('list'),
      dict: plain('dict'),
      any: plain('any'),
      float: plain('float'),
    };
  }

  #simple(kind: Kind): string {
    return this.#r.chance(0.8) ? this.#r.pick(names[kind]) : this.#literal(kind);
  }

  #loopName(kind: Kind): readonly string[] {
    if (this.#loops === 0) return [];
    if (kind === 'int')
      return ['loop.index', 'loop.index0', 'loop.revindex', 'loop.length', 'loop.revindex0', 'loop.depth'];
    if (kind === 'bool') return ['loop.first', 'loop.last', 'loop.changed(s)', 'not loop.last'];
    return kind === 'any'
      ? ['loop.previtem', 'loop.nextitem', 'loop.cycle("a", "b")', 'loop.nosuch', 'x', 'k', 'v', 'i']
      : [];
  }

  #bool(depth: number): string {
    const r = this.#r;
    if (depth <= 0) return r.pick([...names.bool, ...this.#loopName('bool'), 'true', 'false']);
    const { text, int, list, dict, any } = this.#operands(depth - 1);
    return r.pick<() => string>([
      () => `${int()} ${r.pick(['==', '!=', '<', '<=', '>', '>='])} ${int()}`,
      () => `${int()} < ${int()} <= ${int()}`,
      () => `${any()} ${r.pick(['==', '!='])} ${any()}`,
      () => `${text()} ${r.pick(['==', '<', '>=', 'in', 'not in'])} ${text()}`,
      () => `${any()} ${r.pick(['in', 'not in'])} ${r.pick([list, dict])()}`,
      () => `not ${this.#bool(depth - 1)}`,
      () => `${this.#bool(depth - 1)} ${r.pick(['and', 'or'])} ${this.#bool(depth - 1)}`,
      () =>
        `${any()} is ${r.pick(['', 'not '])}${r.pick(['defined', 'undefined', 'none', 'number', 'string', 'sequence', 'mapping', 'iterable', 'boolean', 'true', 'false', 'integer', 'float', 'callable', 'lower', 'upper'])}`,
      () =>
        `${int()} is ${r.pick(['', 'not '])}${r.pick(['even', 'odd', 'divisibleby 3', 'divisibleby(2)', 'eq 1', 'gt 1', 'in [1, 7]', 'sameas true', '!= 2'.replace('!= 2', 'ne 2')])}`,
      () =>
        `${text()}.${r.pick(['startswith("a")', 'endswith("b")', 'isdigit()', 'isupper()', 'islower()', 'startswith(("a", "-"))'])}`,
      () => `${list()} ${r.pick(['==', '<'])} ${list()}`,
    ])();
  }

  #literal(kind: Kind): string {
    const r = this.#r;
    switch (kind) {
      case 'text':
        return r.pick([
          '"a"',
          "'b'",
          '""',
          '"a,b"',
          "'\\n'",
          '"\\x41\\u00e9"',
          '"it\'s"',
          '"a" "b"',
          '"ü"',
          "'\\\\'",
          '"a b  c"',
          '"%"',
          '"12"',
        ]);
      case 'int':
        return r.pick(['0', '1', '2', '7', '10', '0x1F', '1_000', '0b11', '12345678901234567890']);
      case 'float':
        return r.pick(['0.5', '1.0', '2.50', '1e3', '1.5e-7', '2.675', '1e16', '123456789.125', '0.1']);
      case 'bool':
        return r.pick(['true', 'false', 'True', 'False']);
      case 'list':
        return r.pick([
          '[]',
          '[1, 2, 3]',
          '["b", "A", "a"]',
          '(1, 2)',
          '(1,)',
          '["x", none]',
          '[1, 1.0, true]',
          '["1", "2"]',
          '()',
        ]);
      case 'dict':
        return r.pick(['{}', '{"a": 1}', '{"a": "x", "b": [1]}', '{1: 2}', "{'name': 'n', 'a': none}"]);
      case 'any':
        return r.pick(['none', 'None', 'missing', '"x"', '1', '[]', 'true']);
    }
  }
}
