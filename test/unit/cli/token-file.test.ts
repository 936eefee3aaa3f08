import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTokenFile, writeTokenFile } from '../../../cli/mcp/token-file.ts';

test('a token is written so that others cannot read it, also where they could read the file before', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tunel-token-'));
  const file = join(folder, 'agent.token');
  try {
    writeFileSync(file, 'old', { mode: 0o644 });
    writeTokenFile(file, 'tnl_a_b');
    expect([statSync(file).mode & 0o777, readTokenFile(file)]).toEqual([0o600, 'tnl_a_b']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
