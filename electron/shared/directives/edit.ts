import { readFields } from './fields.ts';
import { readDirectives, splitLines } from './script.ts';
import {
  type Dialect,
  type Directive,
  type DirectiveFields,
  type DirectiveLine,
  type Field,
  noFields,
  type Slot,
} from './types.ts';

/**
 * The script with a field set, or cleared by null or an empty text. The directive that counts is changed where it is; a new
 * one comes after the last. All other bytes stay.
 */
export function setField<F extends Field>(
  script: string,
  dialect: Dialect,
  field: F,
  value: DirectiveFields[F] | null,
): string {
  const isEmpty = value === null || value === '';
  const fields = { ...readFields(script, dialect), [field]: isEmpty ? noFields[field] : value };
  return (isEmpty ? clearField : writeField)(script, dialect, field, fields);
}

function writeField(script: string, dialect: Dialect, field: Field, fields: DirectiveFields): string {
  const present = new Set(readDirectives(script, dialect).flatMap((line) => line.directives.map(({ key }) => key)));
  const carrying = slotsWith(dialect, field).filter((slot) => findLast(script, dialect, slot, field));
  const home = dialect.slotsFor(field, present);
  const others = dialect.slots.filter((slot) => home.includes(slot.key) && !carrying.includes(slot));
  // A slot that carries the field already holds all of it, unless it is one of several that are written together.
  const slots = carrying.length === 0 || home.length > 1 ? [...carrying, ...others] : carrying;
  return slots.reduce((text, slot) => writeSlot(text, dialect, slot, field, fields), script);
}

function writeSlot(script: string, dialect: Dialect, slot: Slot, field: Field, fields: DirectiveFields): string {
  const found = findLast(script, dialect, slot, field) ?? findLast(script, dialect, slot);
  const value = slot.write(found?.directive.value ?? null, fields, field);
  if (found) return replaceValue(script, dialect, found, value);
  return value === null ? script : insertDirective(script, dialect, dialect.print(slot.key, value));
}

function clearField(script: string, dialect: Dialect, field: Field, fields: DirectiveFields): string {
  let text = script;
  for (const slot of slotsWith(dialect, field)) {
    for (;;) {
      const found = findLast(text, dialect, slot, field);
      const next = found ? replaceValue(text, dialect, found, slot.write(found.directive.value, fields, field)) : text;
      if (next === text) break;
      text = next;
    }
  }
  return text;
}

const slotsWith = (dialect: Dialect, field: Field): Slot[] =>
  dialect.slots.filter((slot) => slot.fields.includes(field));

interface Found {
  line: DirectiveLine;
  directive: Directive;
}

/** The last directive of a slot; with `field`, the last that says something of it. */
function findLast(script: string, dialect: Dialect, slot: Slot, field?: Field): Found | undefined {
  return readDirectives(script, dialect)
    .flatMap((line) => line.directives.map((directive) => ({ line, directive })))
    .findLast(
      ({ directive: { key, value } }) =>
        key === slot.key && (field === undefined || (slot.carries?.(value ?? '', field) ?? true)),
    );
}

function replaceValue(script: string, dialect: Dialect, found: Found, value: string | null): string {
  const { directive } = found;
  if (value === null) return removeDirective(script, dialect, found);
  if (value === directive.value) return script;
  const { from, to } = directive.valueSpan;
  if (directive.value === null)
    return splice(script, directive.from, directive.to, dialect.print(directive.key, value));
  return splice(script, from, to, dialect.printValue(directive.key, value));
}

const splice = (text: string, from: number, to: number, insert: string): string =>
  text.slice(0, from) + insert + text.slice(to);

/** With its line where nothing else is on it. */
function removeDirective(script: string, dialect: Dialect, { line, directive }: Found): string {
  const { from, to, isListItem } = directive;
  if (line.directives.length === 1) {
    const comment = script.slice(to, line.to).trim();
    if (!comment.startsWith('#') || dialect.prefix === '') return splice(script, line.from, line.end, '');
    // A comment behind the option stays, and is no option itself.
    return splice(script, line.from, line.to, dialect.bodyAt(comment) === null ? comment : `# ${comment}`);
  }
  if (isListItem) return splice(script, from, to, '');
  const isFirst = script.slice(line.bodyFrom, from).trim() === '';
  const after = isFirst ? (/^[ \t]*/.exec(script.slice(to))?.[0].length ?? 0) : 0;
  const before = isFirst ? 0 : (/[ \t]*$/.exec(script.slice(line.bodyFrom, from))?.[0].length ?? 0);
  return splice(script, from - before, to + after, '');
}

/** After the last directive before the first command, else after the `#!` line, else at the top. */
function insertDirective(script: string, dialect: Dialect, option: string): string {
  const text = dialect.prefix === '' ? option : `${dialect.prefix} ${option}`;
  const lines = [...splitLines(script)];
  const ending = script.includes('\r\n') ? '\r\n' : '\n';
  const at = insertionPoint(script, dialect, lines);
  const before = script.slice(0, at);
  const lead = before === '' || before.endsWith('\n') ? '' : ending;
  return splice(script, at, at, `${lead}${text}${ending}`);
}

function insertionPoint(script: string, dialect: Dialect, lines: readonly { text: string; end: number }[]): number {
  const directives = readDirectives(script, dialect);
  if (dialect.prefix === '') {
    const queue = directives.find((line) => line.directives.some(({ key }) => key === 'queue'));
    return queue ? queue.from : (directives.at(-1)?.end ?? script.length);
  }
  const command = lines.findIndex(({ text }) => text.trim() !== '' && !text.startsWith('#'));
  const head = directives.filter(({ line }) => command === -1 || line < command);
  return head.at(-1)?.end ?? (lines[0]?.text.startsWith('#!') ? lines[0].end : 0);
}
