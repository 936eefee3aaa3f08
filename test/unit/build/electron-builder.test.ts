import { isAbsolute } from 'node:path';
import { expect, test } from 'vitest';
import config from '../../../build/electron-builder.config.mjs';

test.each(['deb', 'rpm'] as const)('the %s package has the manual pages where man finds them', (kind) => {
  const [pages = '', ...more] = config[kind]?.fpm ?? [];
  const [from = '', to] = pages.split('=');
  expect([to, more]).toEqual(['/usr/share/man/man1/', []]);
  // A folder with its last slash: what is in it, and not the folder itself.
  expect([isAbsolute(from), from.endsWith('/dist/man/')]).toEqual([true, true]);
});
