import type { LauncherInfo, Queue } from '../clusters.ts';
import { type CombinedField, offersFor } from '../combination-policy.ts';
import { formatMinutes } from '../format.ts';
import { readFields } from './fields.ts';
import { readDirectives, splitLines } from './script.ts';
import type { Dialect, Directive, DirectiveFields, DirectiveLine, Field } from './types.ts';

interface Completion {
  label: string;
  /** What is written instead of the label. */
  insert: string;
  detail: string;
}

export interface Completions {
  /** Where what is completed begins. */
  from: number;
  list: Completion[];
}

/** What may stand at an offset of a script: options of the scheduler, and values that this cluster has. */
export function completeDirective(
  script: string,
  at: number,
  dialect: Dialect,
  info: LauncherInfo | undefined,
): Completions | null {
  const start = script.lastIndexOf('\n', at - 1) + 1;
  const before = script.slice(start, at);
  const prefix = completePrefix(script, start, before, dialect);
  if (prefix) return prefix;
  const line = readDirectives(script, dialect).find((each) => each.from === start);
  const bodyFrom = line?.bodyFrom ?? (dialect.prefix === '' ? start : null);
  if (bodyFrom === null || at < bodyFrom) return null;
  return (
    (line && completeValue(script, at, line, dialect, info)) ??
    completeOption(script.slice(bodyFrom, at), bodyFrom, dialect)
  );
}

/** `#S` at the head of the script. */
function completePrefix(script: string, from: number, before: string, dialect: Dialect): Completions | null {
  const { prefix } = dialect;
  if (prefix === '' || before === '' || before === prefix || !prefix.startsWith(before)) return null;
  for (const line of splitLines(script)) {
    if (line.from >= from) break;
    if (dialect.endsAt(line.text)) return null;
  }
  return { from, list: [{ label: prefix, insert: `${prefix} `, detail: 'what the scheduler is asked for' }] };
}

function completeOption(body: string, bodyFrom: number, dialect: Dialect): Completions | null {
  const pattern = dialect.prefix === '' ? /^\s*([\w.+]*)$/ : /(?:^|\s)(-l\s+[\w.]*|-{1,2}[\w-]*)$/;
  const typed = pattern.exec(body)?.[1];
  if (typed === undefined || (typed === '' && dialect.prefix === '')) return null;
  const list = dialect.options
    .filter(({ key }) => !dialect.setByTunel.has(key) || dialect.slots.some((slot) => slot.key === key))
    .map(({ written, help }) => ({ label: written.replace(/[\s=]+$/, ''), insert: written, detail: help }));
  return { from: bodyFrom + body.length - typed.length, list };
}

function completeValue(
  script: string,
  at: number,
  { directives }: DirectiveLine,
  dialect: Dialect,
  info: LauncherInfo | undefined,
): Completions | null {
  const directive = directives.find((each) => isAtValue(script, at, each));
  const slot = directive && dialect.slots.find(({ key }) => key === directive.key);
  if (!directive || !slot) return null;
  const from = directive.value === null ? at : directive.valueSpan.from;
  const chosen = readFields(script, dialect);
  const list = slot.fields.flatMap((field) => (info ? valuesOf(field, directive.key, chosen, info) : []));
  return list.length === 0 ? null : { from, list };
}

/** In the value, or after an option whose value is not there yet. */
function isAtValue(script: string, at: number, { to, value, valueSpan }: Directive): boolean {
  if (value !== null) return at >= valueSpan.from && at <= valueSpan.to;
  return at > to && script.slice(to, at).trim() === '';
}

/** Only what goes with the other directives. */
function valuesOf(field: Field, key: string, chosen: DirectiveFields, info: LauncherInfo): Completion[] {
  const plain = (values: readonly string[]) => values.map((value) => ({ label: value, insert: value, detail: '' }));
  const offered = (of: CombinedField) =>
    offersFor(info, chosen, of).flatMap(({ value, refusal }) => (refusal ? [] : [value]));
  switch (field) {
    case 'queue': {
      const names = new Set(offered('queue'));
      return info.queues
        .filter(({ name }) => names.has(name))
        .map((each) => ({ label: each.name, insert: each.name, detail: queueFacts(each) }));
    }
    case 'account':
    case 'qos':
      return plain(offered(field));
    case 'gpuType': {
      const write = (type: string) => (key === 'gres' ? `gpu:${type}:1` : `${type}:1`);
      return key === '-gpu' || key === 'require_gpus' ? [] : plain(offered('gpuType').map(write));
    }
    default:
      return [];
  }
}

function queueFacts({ maxSeconds, cpusPerNode, gpusPerNode }: Queue): string {
  return [
    maxSeconds === null ? '' : `up to ${formatMinutes(Math.floor(maxSeconds / 60))}`,
    cpusPerNode === null ? '' : `${cpusPerNode} cores per node`,
    gpusPerNode ? `${gpusPerNode} GPUs per node` : '',
  ]
    .filter(Boolean)
    .join(', ');
}
