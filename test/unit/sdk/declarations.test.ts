import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleSdk } from '../../../build/sdk/bundle.mjs';

const root = join(import.meta.dirname, '../../..');
const program = `
import { type App, type ClusterFacts, connect, NotFoundError, type TunelError } from 'tunel-desktop/sdk';

const tunel = await connect({ start: false });
const facts: ClusterFacts = await (await tunel.clusters.get('hpc')).facts();
export const queues: string[] = facts.launchers.flatMap(({ queues }) => queues.map(({ name }) => name));
const app: App = await tunel.apps.launch({ cluster: 'hpc', recipe: 'jupyter', resources: { cpus: 2 } });
for await (const { state } of app.states()) if (state === 'ready') break;
export const bytes: number = await tunel.files.download('hpc', 'a', 'b', { progress: ({ bytes }) => bytes });
const { instances } = await tunel.request('history.query', { limit: 1 });
export const ids: string[] = instances.map(({ id }) => id);
export const isMissing = (error: TunelError): boolean => error instanceof NotFoundError && error.code === 'not-found';
// @ts-expect-error There is no such request.
await tunel.request('history.nothing', {});
// @ts-expect-error A path is text.
await tunel.files.list('hpc', 1);
`;

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-sdk-declarations-'));
  const shared = { bundle: true, platform: 'node', target: 'node20', logLevel: 'silent' } as const;
  const installed = join(folder, 'node_modules/tunel-desktop');
  mkdirSync(installed, { recursive: true });
  await bundleSdk(shared, '', join(installed, 'dist/sdk'));
  symlinkSync(join(root, 'package.json'), join(installed, 'package.json'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a program is checked against the published types, without any other package', async () => {
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  symlinkSync(join(root, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
  symlinkSync(join(root, 'node_modules/undici-types'), join(folder, 'node_modules/undici-types'));
  writeFileSync(join(folder, 'program.ts'), program);
  const options = {
    strict: true,
    noEmit: true,
    target: 'ES2022',
    module: 'NodeNext',
    lib: ['ES2023', 'ESNext.Disposable'],
    types: ['node'],
    skipLibCheck: false,
  };
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['program.ts'] }));
  const check = promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]);
  expect(await check.catch((error: { stdout: string }) => error)).toMatchObject({ stdout: '' });
});
