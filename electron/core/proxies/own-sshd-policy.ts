export interface Address {
  host: string;
  port: number;
}

/** What `ownSshdScript` printed: where the node's sshd took the connection (none: it does not say), and its host keys. */
export function parseOwnSshd(output: string): { address: Address[]; keys: string[] } {
  const [first = '', ...lines] = output.split('\n');
  const [, host, port] = /^address (\S+) (\d+)$/.exec(first.trim()) ?? [];
  const address = host && port ? [{ host, port: Number(port) }] : [];
  return { address, keys: lines.filter((line) => line !== '') };
}
