import type { Prompt } from '../../electron/shared/prompts.ts';

/** Where a sign-in question comes from: `My HPC`, or one of the hosts on the way to it. */
export function askingHost({ hop, clusterName }: Pick<Prompt, 'hop' | 'clusterName'>): string {
  if (hop?.role === 'jump') return `jump host ${hop.host} of ${clusterName}`;
  if (hop?.role === 'node') return `node ${hop.host} of ${clusterName}`;
  return clusterName;
}

/** What that host is, for the line below the title. */
export function hopTitle({ hop }: Pick<Prompt, 'hop'>): string {
  if (!hop) return '';
  return { jump: 'Jump host', login: 'Login node', node: 'Compute node' }[hop.role];
}
