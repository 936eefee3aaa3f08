import type { Random } from './random.ts';

export type Kind = 'text' | 'int' | 'float' | 'bool' | 'list' | 'dict' | 'any';
const kinds: readonly Kind[] = ['text', 'int', 'float', 'bool', 'list', 'dict'];
export const words = [
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

/** Expressions of a kind, most of them sound. */
export class ExpressionGenerator {
  protected readonly r: Random;
  protected loops = 0;

  constructor(random: Random) {
    this.r = random;
  }

  protected expr(kind: Kind, depth: number): string {
    const r = this.r;
    const wanted = kind === 'any' ? (r.chance(0.06) ? 'any' : r.pick(kinds)) : r.chance(0.006) ? r.pick(kinds) : kind;
    const value = this.kind(wanted, depth);
    return r.chance(0.1) ? `(${value})` : value;
  }

  protected kind(kind: Kind, depth: number): string {
    const r = this.r;
    if (depth <= 0 || r.chance(0.2))
      return r.chance(0.6) ? r.pick([...names[kind], ...this.loopName(kind)]) : this.literal(kind);
    const { text, int, list, dict, any, float } = this.operands(depth - 1);
    if (r.chance(0.08))
      return `${this.expr(kind, depth - 1)} if ${this.bool(1)}${r.chance(0.8) ? ` else ${this.expr(kind, depth - 1)}` : ''}`;
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
          () => `${any()} | tojson ~ ""`,
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
        return this.bool(depth);
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
          () => `${any()} | ${r.pick(['upper', 'length', 'list', 'join', 'nosuch', 'first', 'round', 'abs', 'sort'])}`,
          () => `${any()} ${r.pick(['+', '-', '*', '/', '%', '<', '['])} ${any()}`,
          () => `missing.attribute`,
          () => `missing[0]`,
          () => `${r.pick(['s.nosuch()', 'n()', 'range(xs)', '1.5.x', 'loop.index', '{', 'xs xs', 'not'])}`,
        ])();
    }
  }

  protected operands(depth: number) {
    const of = (kind: Kind) => () => `(${this.expr(kind, depth)})`;
    const plain = (kind: Kind) => () => (this.r.chance(0.7) ? this.simple(kind) : of(kind)());
    return {
      text: plain('text'),
      int: plain('int'),
      list: plain('list'),
      dict: plain('dict'),
      any: plain('any'),
      float: plain('float'),
    };
  }

  protected simple(kind: Kind): string {
    return this.r.chance(0.8) ? this.r.pick(names[kind]) : this.literal(kind);
  }

  protected loopName(kind: Kind): readonly string[] {
    if (this.loops === 0) return [];
    if (kind === 'int')
      return ['loop.index', 'loop.index0', 'loop.revindex', 'loop.length', 'loop.revindex0', 'loop.depth'];
    if (kind === 'bool') return ['loop.first', 'loop.last', 'loop.changed(s)', 'not loop.last'];
    return kind === 'any'
      ? ['loop.previtem', 'loop.nextitem', 'loop.cycle("a", "b")', 'loop.nosuch', 'x', 'k', 'v', 'i']
      : [];
  }

  protected bool(depth: number): string {
    const r = this.r;
    if (depth <= 0) return r.pick([...names.bool, ...this.loopName('bool'), 'true', 'false']);
    const { text, int, list, dict, any } = this.operands(depth - 1);
    return r.pick<() => string>([
      () => `${int()} ${r.pick(['==', '!=', '<', '<=', '>', '>='])} ${int()}`,
      () => `${int()} < ${int()} <= ${int()}`,
      () => `${any()} ${r.pick(['==', '!='])} ${any()}`,
      () => `${text()} ${r.pick(['==', '<', '>=', 'in', 'not in'])} ${text()}`,
      () => `${any()} ${r.pick(['in', 'not in'])} ${r.pick([list, dict])()}`,
      () => `not ${this.bool(depth - 1)}`,
      () => `${this.bool(depth - 1)} ${r.pick(['and', 'or'])} ${this.bool(depth - 1)}`,
      () =>
        `${any()} is ${r.pick(['', 'not '])}${r.pick(['defined', 'undefined', 'none', 'number', 'string', 'sequence', 'mapping', 'iterable', 'boolean', 'true', 'false', 'integer', 'float', 'callable', 'lower', 'upper'])}`,
      () =>
        `${int()} is ${r.pick(['', 'not '])}${r.pick(['even', 'odd', 'divisibleby 3', 'divisibleby(2)', 'eq 1', 'gt 1', 'in [1, 7]', 'sameas true', '!= 2'.replace('!= 2', 'ne 2')])}`,
      () =>
        `${text()}.${r.pick(['startswith("a")', 'endswith("b")', 'isdigit()', 'isupper()', 'islower()', 'startswith(("a", "-"))'])}`,
      () => `${list()} ${r.pick(['==', '<'])} ${list()}`,
    ])();
  }

  protected literal(kind: Kind): string {
    const r = this.r;
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
