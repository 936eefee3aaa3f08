import { resolve } from 'node:path';
import { writeStarter } from '../../electron/core/folders/starter.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson, printProgress } from '../output.ts';
import { installedPaths } from '../paths.ts';

export interface NewAppOptions extends JsonOption {
  in: string;
}

export async function newApp(kind: string, name: string, options: NewAppOptions): Promise<void> {
  const made = writeStarter(installedPaths().recipes, kind, name, resolve(options.in));
  if (options.json) return printJson(made);
  printProgress(`${made.path} is made: ${made.files.join(', ')}`);
  printProgress(`Its tests:    cd ${name} && python3 -m unittest`);
  printProgress(`On a cluster: tunel folder add ${name}/files, then tunel run-app CLUSTER folders/...`);
}
