#!/usr/bin/env node
// Writes the modules of the Python SDK that are made from the contract.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../setup/paths.mjs';
import { loadContract } from './contract.mjs';
import { errorsModule, typesModule } from './python-types.mjs';

/** Their texts by their paths in the repository. */
export async function pythonModules() {
  const { named } = await loadContract();
  return {
    'python/src/tunel_client/types.py': typesModule(named),
    'python/src/tunel_client/errors.py': errorsModule(named.ErrorCode.enum),
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [path, text] of Object.entries(await pythonModules())) writeFileSync(join(root, path), text);
}
