/** A part of a text with its look. */
export type Span =
  | { kind: 'text' | 'code' | 'strong' | 'emphasis'; text: string }
  | { kind: 'link'; text: string; href: string };

export type Block =
  | { kind: 'heading'; level: number; spans: Span[] }
  | { kind: 'paragraph' | 'quote'; spans: Span[] }
  | { kind: 'code'; text: string }
  | { kind: 'list'; isOrdered: boolean; items: { level: number; spans: Span[] }[] }
  | { kind: 'table'; head: Span[][]; rows: Span[][][] }
  | { kind: 'rule' };

/** The look of a longer paragraph is not looked for, characters. */
const SPAN_LIMIT = 20_000;
const span = /`([^`\n]+)`|\*\*([^*\n]+)\*\*|__([^_\n]+)__|\*([^*\s][^*\n]*)\*|!?\[([^[\]\n]*)\]\(([^()\s]*)\)/g;
// No two parts of these could take the same blanks: a line of many would be tried in all ways.
const item = /^(\s*)(?:[-*+]|(\d{1,9})[.)])\s(.*)$/s;
const fence = /^\s{0,3}(`{3,}|~{3,})/;
const heading = /^\s{0,3}(#{1,6})\s(.*)$/s;
const rule = /^\s{0,3}(?:-\s*){3,}$|^\s{0,3}(?:\*\s*){3,}$|^\s{0,3}(?:_\s*){3,}$/;
const isTableRule = (line: string): boolean =>
  /-[\s:]*\|/.test(line) && splitCells(line).every((cell) => /^:?-+:?$/.test(cell));

/** Only such addresses are links; the user is asked before one is opened. */
const isLink = (href: string): boolean => href.startsWith('https://');

export function parseSpans(text: string): Span[] {
  if (text.length > SPAN_LIMIT) return [{ kind: 'text', text }];
  const spans: Span[] = [];
  let end = 0;
  for (const match of text.matchAll(span)) {
    if (match.index > end) spans.push({ kind: 'text', text: text.slice(end, match.index) });
    end = match.index + match[0].length;
    const [, code, star, line, emphasis, label = '', href = ''] = match;
    const strong = star ?? line;
    if (code !== undefined) spans.push({ kind: 'code', text: code });
    else if (strong !== undefined) spans.push({ kind: 'strong', text: strong });
    else if (emphasis !== undefined) spans.push({ kind: 'emphasis', text: emphasis });
    else if (isLink(href) && !match[0].startsWith('!')) spans.push({ kind: 'link', text: label, href });
    else spans.push({ kind: 'text', text: label });
  }
  if (end < text.length) spans.push({ kind: 'text', text: text.slice(end) });
  return spans;
}

const splitCells = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());

const cells = (line: string): Span[][] => splitCells(line).map(parseSpans);

/** A reader of lines. */
interface Lines {
  readonly all: readonly string[];
  at: number;
}

function takeCode(lines: Lines, mark: string): Block {
  const taken: string[] = [];
  for (lines.at += 1; lines.at < lines.all.length; lines.at += 1) {
    const line = lines.all[lines.at] ?? '';
    if (line.trim().startsWith(mark)) break;
    taken.push(line);
  }
  lines.at += 1;
  return { kind: 'code', text: taken.join('\n') };
}

function takeWhile(lines: Lines, isWanted: (line: string) => boolean): string[] {
  const taken: string[] = [];
  while (lines.at < lines.all.length && isWanted(lines.all[lines.at] ?? '')) {
    taken.push(lines.all[lines.at] ?? '');
    lines.at += 1;
  }
  return taken;
}

function takeList(lines: Lines, isOrdered: boolean): Block {
  const items: { level: number; text: string }[] = [];
  for (const line of takeWhile(lines, (each) => each.trim() !== '' && !heading.test(each) && !fence.test(each))) {
    const [, indent, , text] = item.exec(line) ?? [];
    const last = items.at(-1);
    if (text !== undefined)
      items.push({ level: Math.min(4, Math.floor((indent ?? '').length / 2)), text: text.trimStart() });
    else if (last) last.text += ` ${line.trim()}`;
  }
  return { kind: 'list', isOrdered, items: items.map(({ level, text }) => ({ level, spans: parseSpans(text) })) };
}

const isOther = (line: string): boolean =>
  line.trim() === '' || heading.test(line) || fence.test(line) || item.test(line) || /^\s{0,3}>/.test(line);

function takeBlock(lines: Lines): Block {
  const line = lines.all[lines.at] ?? '';
  const [, mark] = fence.exec(line) ?? [];
  if (mark) return takeCode(lines, mark);
  const [, hashes, title] = heading.exec(line) ?? [];
  if (hashes && title !== undefined) {
    lines.at += 1;
    return { kind: 'heading', level: hashes.length, spans: parseSpans(title.trim().replace(/\s#+$/, '').trimEnd()) };
  }
  if (rule.test(line)) {
    lines.at += 1;
    return { kind: 'rule' };
  }
  const listed = item.exec(line);
  if (listed) return takeList(lines, listed[2] !== undefined);
  if (/^\s{0,3}>/.test(line)) {
    const quoted = takeWhile(lines, (each) => /^\s{0,3}>/.test(each));
    return { kind: 'quote', spans: parseSpans(quoted.map((each) => each.replace(/^\s{0,3}>\s?/, '')).join(' ')) };
  }
  if (line.includes('|') && isTableRule(lines.all[lines.at + 1] ?? '')) {
    const [first = '', , ...rest] = takeWhile(lines, (each) => each.includes('|'));
    return { kind: 'table', head: cells(first), rows: rest.map(cells) };
  }
  lines.at += 1;
  const more = takeWhile(lines, (each) => !isOther(each));
  return { kind: 'paragraph', spans: parseSpans([line, ...more].join(' ')) };
}

/** The blocks of a Markdown text, with the parts of it that notes and notebooks use. HTML stays text. */
export function parseMarkdown(text: string): Block[] {
  const lines: Lines = { all: text.split(/\r?\n/), at: 0 };
  const blocks: Block[] = [];
  while (lines.at < lines.all.length) {
    if ((lines.all[lines.at] ?? '').trim() === '') lines.at += 1;
    else blocks.push(takeBlock(lines));
  }
  return blocks;
}
