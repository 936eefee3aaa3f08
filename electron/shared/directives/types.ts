import type { LauncherName } from '../kinds.ts';

/** What a form and a script both say of a job. Time in minutes, memory in MiB a node; null and empty: nothing. */
export interface DirectiveFields {
  name: string;
  queue: string;
  account: string;
  qos: string;
  time: number | null;
  cpus: number | null;
  memory: number | null;
  gpus: number | null;
  gpuType: string;
  nodes: number | null;
  /** Tasks, e.g. `1-100%5`. */
  array: string;
  output: string;
  /** Which jobs it waits for, as the scheduler writes it; `dependency-policy.ts` reads it. */
  dependency: string;
  /** When mail is sent, as the scheduler writes it. */
  mailType: string;
  mailUser: string;
}
export type Field = keyof DirectiveFields;

/** Launchers whose jobs have directives: comments of the script, or for HTCondor the lines of a submit file. */
export type DirectiveLauncher = Exclude<LauncherName, 'login'>;

/** Offsets in the script; `to` is not part of it. */
export interface Span {
  from: number;
  to: number;
}

/** One option of a directive line. What is between `from` and `to` can be taken out without harm to its neighbours. */
export interface Directive extends Span {
  /** The one name of the option, however it is written: `cpus-per-task`, `-q`, `-l walltime`. */
  key: string;
  /** Without quotes; null: it has none. */
  value: string | null;
  /** The value as it is written; empty where there is none. */
  valueSpan: Span;
  /** One of several in a list, with its comma. */
  isListItem?: boolean;
}

/** A line of the script that the scheduler reads. */
export interface DirectiveLine extends Span {
  /** From 0. */
  line: number;
  /** After its line ending. */
  end: number;
  /** Where its options begin. */
  bodyFrom: number;
  directives: Directive[];
}

export interface ReadFields extends Partial<DirectiveFields> {
  /** Cores on each node, where the scheduler is asked for a sum. */
  perNode?: number;
}

/** An option that holds fields. */
export interface Slot {
  key: string;
  fields: readonly Field[];
  /** Whether this value says something of the field; absent: every value does. */
  carries?(value: string, field: Field): boolean;
  /** `known`: what the slots before it say. */
  read(value: string, known: ReadFields): ReadFields;
  /** The value for these fields, with what else was in it; null: the option is not needed. `changed`: what is set. */
  write(previous: string | null, fields: DirectiveFields, changed: Field): string | null;
  /** Whether a scheduler gets the option as it is written, since its meaning is more than the fields; absent: never. */
  isVerbatim?(value: string): boolean;
}

/** An option for completion and for checks. */
export interface OptionInfo {
  key: string;
  /** What is typed before its value. */
  written: string;
  help: string;
}

/** How one scheduler reads its directives. */
export interface Dialect {
  launcher: DirectiveLauncher;
  /** Empty: every line of the file is a directive. */
  prefix: string;
  /** Where the options of a line begin; null: the line is no directive. */
  bodyAt(line: string): number | null;
  /** Whether the scheduler stops looking for directives at this line. */
  endsAt(line: string): boolean;
  readBody(text: string, from: number): Directive[];
  /** What is read first comes first. */
  slots: readonly Slot[];
  /** The keys of the slots that a new value is written to. `present`: the keys in the script. */
  slotsFor(field: Field, present: ReadonlySet<string>): readonly string[];
  /** The value as it is written, with quotes where it needs them. */
  printValue(key: string, value: string): string;
  print(key: string, value: string): string;
  /** Words of a command line, or a line of a submit file. */
  toArguments(key: string, value: string | null): string[];
  options: readonly OptionInfo[];
  /** Whether the scheduler knows the option. */
  isKnown(key: string): boolean;
  /** Options that a job is never submitted with, since Tunel sets them itself. */
  setByTunel: ReadonlySet<string>;
}

export const noFields: Readonly<DirectiveFields> = {
  name: '',
  queue: '',
  account: '',
  qos: '',
  time: null,
  cpus: null,
  memory: null,
  gpus: null,
  gpuType: '',
  nodes: null,
  array: '',
  output: '',
  dependency: '',
  mailType: '',
  mailUser: '',
};
