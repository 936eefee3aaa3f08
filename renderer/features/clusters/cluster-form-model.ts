import { type AuthMethod, type ClusterInput, clusterInputSchema } from '../../../electron/shared/clusters.ts';

/** What the form holds: a cluster's input while it may still be wrong. */
export type Draft = Omit<ClusterInput, 'port' | 'jumps'> & {
  port: number | string;
  jumps: { host: string; port: number | string; user: string }[];
};

/** What every group of fields is given. */
export interface ClusterFieldProps {
  draft: Draft;
  set: (changes: Partial<Draft>) => void;
  errorOf: (field: string) => string | undefined;
  /** Managed by the app: its address cannot be changed. */
  fixed: boolean;
}

/** Fields for names and paths, which no dictionary knows. */
export const plainText = { spellCheck: false, autoComplete: 'off', autoCapitalize: 'off' } as const;

export const emptyDraft: Draft = {
  ...clusterInputSchema.parse({ name: 'x', host: 'x', user: 'x' }),
  name: '',
  host: '',
  user: '',
};

/** The draft checked by the same schema as the engine uses: a cluster's input, or a message for each bad field. */
export function checkDraft(draft: Draft): { input: ClusterInput | null; errors: Record<string, string> } {
  const parsed = clusterInputSchema.safeParse(draft);
  if (parsed.success) return { input: parsed.data, errors: {} };
  const errors: Record<string, string> = {};
  for (const issue of parsed.error.issues) {
    const field = issue.path.join('.');
    if (field in errors) continue;
    const asksNumber = /(^|\.)port$/.test(field);
    errors[field] = asksNumber
      ? 'A port is a number from 1 to 65535.'
      : field === 'methods'
        ? 'Choose at least one way to sign in.'
        : issue.message;
  }
  return { input: null, errors };
}

export const methodLabels: Record<AuthMethod, { name: string; hint: string }> = {
  agent: { name: 'Agent', hint: 'keys that ssh-agent holds' },
  key: { name: 'Key file', hint: 'from ~/.ssh, or those named below' },
  interactive: { name: 'Two-factor and other prompts', hint: 'codes, pushes, menus' },
  password: { name: 'Password', hint: 'asked once' },
};

const all: AuthMethod[] = ['agent', 'key', 'interactive', 'password'];

/** Chosen methods in their order, then the others. */
export function methodRows(methods: AuthMethod[]): { method: AuthMethod; on: boolean }[] {
  return [
    ...methods.map((method) => ({ method, on: true })),
    ...all.filter((method) => !methods.includes(method)).map((method) => ({ method, on: false })),
  ];
}

export function moveMethod(methods: AuthMethod[], method: AuthMethod, by: 1 | -1): AuthMethod[] {
  const at = methods.indexOf(method);
  const to = at + by;
  if (at < 0 || to < 0 || to >= methods.length) return methods;
  const next = methods.filter((entry) => entry !== method);
  next.splice(to, 0, method);
  return next;
}
