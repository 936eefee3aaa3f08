import type { Association, LauncherInfo, NameRule, Queue, QueueAccess } from './clusters.ts';

/** What only goes together in some ways. Empty: the scheduler's choice. */
export interface Combination {
  account: string;
  queue: string;
  qos: string;
  gpuType: string;
  gpus: number | null;
}
export type CombinedField = 'account' | 'queue' | 'qos' | 'gpuType';
type ChosenField = keyof Combination;

/** Why a value cannot be chosen: by itself, or with what is chosen in other fields. */
export type CombinationRefusal =
  | { kind: NonNullable<QueueAccess['refusedAs']> }
  | { kind: 'with'; fields: ChosenField[] };

/** A value of a field; `refusal`: null: it goes with what is chosen. */
export interface Offer {
  value: string;
  refusal: CombinationRefusal | null;
}

const nothing: Combination = { account: '', queue: '', qos: '', gpuType: '', gpus: null };

const fits = ({ only, not }: NameRule, name: string): boolean =>
  (only === null || only.includes(name)) && !not.includes(name);

/** A queue, an account and a quality of service that are all named. null: not known, which fits. */
function isJoint(queue: Queue | null, association: Association | null, qos: string): boolean {
  const access = queue?.access;
  const isRefused = access?.refusedAs === 'user' || access?.refusedAs === 'group';
  if (access && (isRefused || (qos !== '' && !fits(access.qos, qos)))) return false;
  if (!association) return true;
  if (access && !fits(access.accounts, association.account)) return false;
  if (queue && association.queue !== '' && association.queue !== queue.name) return false;
  return qos === '' || association.qos === null || association.qos.includes(qos);
}

function hasGpus(queue: Queue | null, { gpus, gpuType }: Combination): boolean {
  if (!queue || (!gpus && gpuType === '')) return true;
  if (queue.gpusPerNode === 0) return false;
  return gpuType === '' || queue.gpuTypes.length === 0 || queue.gpuTypes.includes(gpuType);
}

/** Of an account that accounting does not list nothing is known but its name. */
function associationsFor(info: LauncherInfo, account: string): (Association | null)[] {
  const listed = info.associations ?? info.accounts.map((name) => ({ account: name, queue: '', qos: null }));
  const own = listed.filter((each) => account === '' || each.account === account);
  if (own.length > 0) return own;
  return [account === '' ? null : { account, queue: '', qos: null }];
}

function queuesFor({ queues }: LauncherInfo, name: string): (Queue | null)[] {
  const own = queues.filter((queue) => name === '' || queue.name === name);
  return own.length > 0 ? own : [null];
}

/** The names to try: without one, any that the user may ask for, or the default. */
const qosFor = (info: LauncherInfo, qos: string): string[] => (qos === '' ? [...info.qos, ''] : [qos]);

/** Whether the scheduler would take this, with whatever else may be added to it. What is not known passes. */
function isPossible(info: LauncherInfo, chosen: Combination): boolean {
  const associations = associationsFor(info, chosen.account);
  const qualities = qosFor(info, chosen.qos);
  return queuesFor(info, chosen.queue).some(
    (queue) =>
      hasGpus(queue, chosen) &&
      associations.some((association) => qualities.some((qos) => isJoint(queue, association, qos))),
  );
}

const isChosen = (chosen: Combination, field: ChosenField): boolean => Boolean(chosen[field]);
const fields: readonly ChosenField[] = ['account', 'queue', 'qos', 'gpuType', 'gpus'];

/** Why a value cannot be chosen for a field beside what is chosen in the others; null: it can. */
export function refusalOf(
  info: LauncherInfo,
  chosen: Combination,
  field: CombinedField,
  value: string,
): CombinationRefusal | null {
  const own = { ...nothing, [field]: value };
  const access = field === 'queue' ? info.queues.find(({ name }) => name === value)?.access : undefined;
  if (access?.refusedAs) return { kind: access.refusedAs };
  const others = fields.filter((other) => other !== field && isChosen(chosen, other));
  if (isPossible(info, { ...chosen, [field]: value })) return null;
  const single = others.find((other) => !isPossible(info, { ...own, [other]: chosen[other] }));
  return { kind: 'with', fields: single ? [single] : others };
}

/** What a field offers: first what goes with the rest. */
export function offersFor(info: LauncherInfo, chosen: Combination, field: CombinedField): Offer[] {
  const offers = [...new Set(valuesOf(info, chosen, field))].map((value) => ({
    value,
    refusal: refusalOf(info, chosen, field, value),
  }));
  return [...offers.filter(({ refusal }) => !refusal), ...offers.filter(({ refusal }) => refusal)];
}

function valuesOf(info: LauncherInfo, chosen: Combination, field: CombinedField): string[] {
  switch (field) {
    case 'account':
      return info.accounts;
    case 'queue':
      return info.queues.map(({ name }) => name);
    case 'qos':
      return info.qos;
    case 'gpuType': {
      const types = queuesFor(info, '').flatMap((queue) => queue?.gpuTypes ?? []);
      return chosen.gpuType === '' ? types : [...types, chosen.gpuType];
    }
  }
}

/** A field whose value does not go with the rest, and what would. */
export interface CombinationProblem {
  field: 'account' | 'queue' | 'qos';
  refusal: CombinationRefusal;
  /** Values of the field that go with the rest. */
  possible: string[];
  chosen: Combination;
}

/** The account of whoever names none, where accounting lists it; empty: not known. */
const usualAccount = ({ associations, accounts }: LauncherInfo): string =>
  associations && associations.length > 0 ? (accounts[0] ?? '') : '';

/** Whether a value cannot be chosen. A queue may have opened again since its cluster was looked at. */
export const isForGood = (refusal: CombinationRefusal | null): boolean => refusal !== null && refusal.kind !== 'closed';

/**
 * The first field whose value the scheduler refuses beside the others. GPUs are left out: they have problems of their own.
 * `unnamed`: the account that counts where none is asked for; empty: not known.
 */
export function combinationProblem(
  info: LauncherInfo,
  asked: Combination,
  unnamed = usualAccount(info),
): CombinationProblem | null {
  const chosen = { ...asked, account: asked.account || unnamed, gpuType: '', gpus: null };
  for (const field of ['queue', 'qos', 'account'] as const) {
    const refusal = chosen[field] === '' ? null : refusalOf(info, chosen, field, chosen[field]);
    if (!refusal || !isForGood(refusal)) continue;
    const possible = offersFor(info, chosen, field).filter((offer) => !offer.refusal);
    return { field, refusal, possible: possible.map(({ value }) => value), chosen };
  }
  return null;
}

/** A choice in a sentence: `queue gpu`. */
function nameChoice(field: ChosenField, chosen: Combination): string {
  switch (field) {
    case 'account':
      return `account ${chosen.account}`;
    case 'queue':
      return `queue ${chosen.queue}`;
    case 'qos':
      return `quality of service ${chosen.qos}`;
    case 'gpuType':
      return `GPUs of type ${chosen.gpuType}`;
    case 'gpus':
      return 'GPUs';
  }
}

/** The same where a sentence begins with it. */
export function describeChoice(field: ChosenField, chosen: Combination): string {
  const name = nameChoice(field, chosen);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** What follows the name of a value: `does not go with account lab`. */
export function describeRefusal(refusal: CombinationRefusal, chosen: Combination): string {
  switch (refusal.kind) {
    case 'user':
      return 'is not open to you';
    case 'group':
      return 'is for other groups';
    case 'closed':
      return 'is closed at present';
    case 'with': {
      const names = refusal.fields.map((field) => nameChoice(field, chosen));
      return names.length === 1 && refusal.fields[0] === 'gpus'
        ? 'has no GPUs'
        : `does not go with ${names.join(' and ')}`;
    }
  }
}
