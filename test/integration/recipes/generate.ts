import { ExpressionGenerator, words } from './generate-expression.ts';
import { Random } from './random.ts';

export interface Case {
  template: string;
  context: Record<string, unknown>;
  includes: Record<string, string>;
}

/** One template of the subset recipes use, with a context and includes. Most are sound; some are meant to fail. */
export function generate(seed: number): Case {
  return new Generator(new Random(seed)).make();
}

class Generator extends ExpressionGenerator {
  make(): Case {
    const r = this.r;
    const includes = {
      'bash/set.sh': `${this.body(1)}\n`,
      'a.sh': this.body(0),
      'sub/b': `{% include "a.sh" %}${this.body(0)}\n\n`,
    };
    return {
      template: this.body(r.pick([1, 1, 2, 2, 3])) + r.pick(['', '\n', '\n\n', '\r\n']),
      context: this.context(),
      includes,
    };
  }

  protected context(): Record<string, unknown> {
    const r = this.r;
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

  protected body(depth: number): string {
    return Array.from({ length: 1 + this.r.int(4) }, () => this.part(depth)).join('');
  }

  protected part(depth: number): string {
    const r = this.r;
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
    if (roll < 8) return `${this.open('{{')} ${this.expr('any', 3)} ${this.close('}}')}`;
    if (roll < 9)
      return r.pick([
        '{# c {{ x }} #}',
        '{#- c -#}',
        '{% raw %}{{ x }}{% endraw %}',
        '{%- raw -%} {% if %} {%- endraw -%}',
        '{#+ c\n+#}',
      ]);
    if (roll < 12) return this.if(depth - 1);
    if (roll < 15) return this.for(depth - 1);
    if (roll < 17) return this.set(depth - 1);
    if (roll < 19) return this.include();
    return r.chance(0.5)
      ? `${this.tag(`with ${this.name()} = ${this.expr('any', 2)}`)}${this.body(depth - 1)}${this.tag('endwith')}`
      : `${this.tag(`filter ${r.pick(['upper', 'trim', 'indent', 'replace("a", "b")', 'indent(2, true)|title'])}`)}${this.body(depth - 1)}${this.tag('endfilter')}`;
  }

  protected open(mark: string): string {
    return mark + this.r.pick(['', '', '', '-', '+']);
  }

  protected close(mark: string): string {
    return this.r.pick(['', '', '', '-']) + mark;
  }

  protected tag(inside: string): string {
    const r = this.r;
    return `${this.open('{%')}${r.pick([' ', ' ', '', '\n'])}${inside} ${this.close('%}')}`;
  }

  protected if(depth: number): string {
    const r = this.r;
    let text = this.tag(`if ${this.condition()}`) + this.body(depth);
    for (let index = r.int(3); index > 0; index--) text += this.tag(`elif ${this.condition()}`) + this.body(depth);
    if (r.chance(0.5)) text += this.tag('else') + this.body(depth);
    return text + this.tag('endif');
  }

  protected condition(): string {
    return this.r.chance(0.6) ? this.bool(2) : this.expr('any', 2);
  }

  protected for(depth: number): string {
    const r = this.r;
    const [target, over] = r.pick([
      [this.name(), () => this.expr('list', 2)],
      [this.name(), () => this.expr('list', 1)],
      ['k, v', () => `${r.pick(['args', 'd'])}.items()`],
      ['k, v', () => r.pick(['d|dictsort', 'args|items', '[("a", 1), ("b", [2])]'])],
      ['i', () => r.pick(['range(3)', `range(${r.int(4)})`, 'range(1, 8, 3)', 'range(3, 0, -1)'])],
      ['c', () => this.expr(r.pick(['text', 'any', 'dict']), 1)],
    ] as const);
    const test = r.chance(0.25) ? ` if ${this.bool(1)}` : '';
    this.loops++;
    const body = (r.chance(0.3) ? `{{ ${r.pick(['i', 'k', 'v', 'c', 'x'])} }},` : '') + this.body(depth);
    this.loops--;
    const otherwise = r.chance(0.3) ? this.tag('else') + this.body(0) : '';
    return this.tag(`for ${target} in ${over()}${test}`) + body + otherwise + this.tag('endfor');
  }

  protected set(depth: number): string {
    const r = this.r;
    const roll = r.int(10);
    if (roll < 6) return this.tag(`set ${this.name()} = ${this.expr('any', 3)}`);
    if (roll < 7) return this.tag(`set v, w = ${this.expr('any', 1)}, ${this.expr('any', 1)}`);
    if (roll < 8)
      return `${this.tag('set ns = namespace(n=0)')}{% for i in xs %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}`;
    return `${this.tag(`set ${this.name()}${r.pick(['', '', ' | upper', ' | trim | length'])}`)}${this.body(depth)}${this.tag('endset')}`;
  }

  protected include(): string {
    const r = this.r;
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
    return this.tag(`include ${what}${missing}${r.pick(['', '', ' with context', ' without context'])}`);
  }

  protected name(): string {
    return this.r.pick(['x', 'y', 'v', 'w', 's', 'n']);
  }
}
