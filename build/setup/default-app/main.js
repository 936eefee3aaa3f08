// What Electron does itself when it is started as `electron [switches] [-r MODULE] APP [arguments]`. A runtime taken out of a
// packaged app has lost that part; this is it, as small as can be.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const require = createRequire(import.meta.url);
const args = process.argv.slice(1);
const modules = [];
let file;
for (let index = 0; index < args.length; index++) {
  if (args[index] === '-r' || args[index] === '--require') modules.push(args[++index]);
  else if (args[index] === '--version' || args[index] === '-v') {
    console.log(`v${process.versions.electron}`);
    process.exit(0);
  } else if (!args[index].startsWith('-')) {
    file = args[index];
    break;
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (!file) fail('usage: electron [switches] [-r MODULE] APP [arguments]');
process.defaultApp = true;
for (const module of modules) require(resolve(module));

let entry = resolve(file);
if (statSync(entry, { throwIfNoEntry: false })?.isDirectory()) {
  const folder = entry;
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const name = manifest.productName ?? manifest.name;
  if (name) app.setName(name);
  if (manifest.version) app.setVersion(manifest.version);
  app.setDesktopName?.(manifest.desktopName ?? `${app.name}.desktop`);
  app.setAppPath(folder);
  entry = createRequire(join(folder, 'package.json')).resolve(join(folder, manifest.main ?? 'index.js'));
} else if (!statSync(entry, { throwIfNoEntry: false })) {
  fail(`${entry} does not exist.`);
}

// Awaited at the top level: Electron holds `ready` back until then, so that the app can register its schemes in time.
try {
  await import(pathToFileURL(entry).href);
} catch (error) {
  fail(error.stack ?? String(error));
}
