import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { scriptText } from '../../../cli/script-text.ts';
import { readRequest } from '../../../electron/shared/directives/request.ts';
import { slurmDialect } from '../../../electron/shared/directives/slurm.ts';

const folder = mkdtempSync(join(tmpdir(), 'tunel-script-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(text: string): string {
  const file = join(folder, 'script.sh');
  writeFileSync(file, text);
  return execFileSync('sh', [file], { env: { PATH: process.env.PATH, TUNEL_DIR: folder }, encoding: 'utf8' });
}

describe('a script', () => {
  test('without words is what was written', () => {
    const text = `#!/bin/bash\n#SBATCH --time=5\necho "\${#x} {{ y }}"\n`;
    expect(scriptText('job.sh', text, [])).toBe(text);
    expect(scriptText('job.sh', 'echo no end', [])).toBe('echo no end\n');
  });

  test('gets its words exactly, whatever is in them', () => {
    const words = ['a b', "it's", '$HOME', '', '*', 'x\ny', '--time=1'];
    const text = `#!/usr/bin/env bash\nprintf '<%s>' "$@"`;
    expect(run(scriptText('job.sh', text, words))).toBe(words.map((word) => `<${word}>`).join(''));
  });

  test('may be of any language, and bash is taken where it says nothing', () => {
    expect(run(scriptText('a.py', '#!/usr/bin/env python3\nimport sys\nprint(sys.argv[1:])', ['é']))).toBe("['é']\n");
    expect(run(scriptText('a.sh', `x=(1 2 3); echo \${#x[@]} $1`, ['w']))).toBe('3 w\n');
    expect(run(scriptText('a.sh', '#!/bin/sh\ncat <<END_OF_SCRIPT\n$1\nEND_OF_SCRIPT\n', ['w']))).toBe('w\n');
  });

  test("keeps its scheduler's lines in front of its words", () => {
    const text = '#!/bin/bash\n# a job\n#SBATCH --time=7 --mem=1G\n\n#SBATCH -c 2\necho\n#SBATCH --time=9\n';
    const read = (script: string) => readRequest(script, slurmDialect);
    expect(read(scriptText('job.sh', text, ['x']))).toEqual(read(text));
    expect(read(text)).toMatchObject({ time: 7, memory: 1024, cpus: 2 });
  });

  test.each([
    ['', /is empty/],
    ['\n \n', /is empty/],
    ['#!/bin/sh\r\necho\r\n', /line ends of Windows/],
    ['\0ELF', /is no text/],
    ['\u{fffd}PNG', /is no text/],
    ['x'.repeat(100_001), /longer than 100000 bytes/],
  ])('%j is refused', (text, words) => {
    expect(() => scriptText('job.sh', text.slice(0, 200_000), [])).toThrow(words);
  });
});
