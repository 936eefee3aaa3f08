import { expect, test } from 'vitest';
import { readModules } from '../../../electron/core/clusters/modules.ts';

/** `module -t avail` of Lmod 8.6.19 and of Environment Modules 5.2.0 on the same folder, as they came. */
const lmod = `/opt/modulefiles:
gcc/
gcc/12.2.0
gcc/13.1.0
openmpi/
openmpi/4.1
python/
python/3.11-anaconda
`;
const environmentModules = `/opt/modulefiles:
gcc/12.2.0(default)
gcc/13.1.0
openmpi/4.1
python/3.11-anaconda
`;
const names = ['gcc/12.2.0', 'gcc/13.1.0', 'openmpi/4.1', 'python/3.11-anaconda'];

test.each([
  ['Lmod', lmod],
  ['Environment Modules', environmentModules],
])('names of %s, after what a login file says', (_, text) => {
  expect(readModules(`Welcome\nnews\n\n@@modules\n${text}`)).toEqual(names);
});

test('marks behind a name, and no module twice', () => {
  expect(readModules('@@modules\nR/4.3 (D)\nR/4.3\nintel@2024(@)\ncuda/12.1(L)<aL>\n')).toEqual([
    'R/4.3',
    'intel@2024',
    'cuda/12.1',
  ]);
});

test('a message is no name, and the list has an end', () => {
  expect(readModules('@@modules\nbash: line 1: module: command not found\n')).toEqual([]);
  const many = Array.from({ length: 3000 }, (_, index) => `m/${index}`).join('\n');
  expect(readModules(`@@modules\n${many}`)).toHaveLength(2000);
});
