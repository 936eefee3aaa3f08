import type { TunnelState } from '../../../electron/shared/tunnels.ts';

export function describeTarget({ target }: Pick<TunnelState, 'target'>): string {
  return 'port' in target ? `Port ${target.port}` : target.socket;
}

export function describeNode({ target }: Pick<TunnelState, 'target'>): string {
  return target.node === '' ? 'the login node' : target.node;
}

/** What a program on this computer connects to. */
export function formatLocalAddress({ local }: Pick<TunnelState, 'local'>): string {
  return local.kind === 'socket' ? local.path : `127.0.0.1:${local.port}`;
}

/** `what`: what they reach, e.g. `this port`. */
export const describeLocalExposure = (what: string) => `Other users of this computer can reach ${what}, too.`;
