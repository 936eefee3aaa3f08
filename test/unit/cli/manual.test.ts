import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../../cli/exit-codes.ts';
import { commandsIn, nameOf } from '../../../cli/general-options.ts';
import { manualPages, pageFile } from '../../../cli/manual/pages.ts';
import { createProgram } from '../../../cli/program.ts';

/** As a terminal shows it, without bold and underlined letters, and what groff warns of. */
function render(page: string): { text: string; warnings: string } {
  const options = ['-man', '-Tutf8', '-ww', '-rLL=200n', '-P-cbu'];
  const { stdout, stderr } = spawnSync('groff', options, { input: page, encoding: 'utf8' });
  return { text: stdout.replaceAll('−', '-').replaceAll(/\s+/g, ' '), warnings: stderr };
}

/** Set-up installs groff on Debian; elsewhere it may be missing. */
const hasGroff = process.platform === 'linux' || spawnSync('groff', ['--version']).status === 0;

describe.runIf(hasGroff)('the manual', () => {
  const program = createProgram();
  const pages = manualPages(program, '1.2.3');

  test('has a page for each command, and one that names them all', () => {
    expect([...pages.keys()]).toEqual(['tunel.1', ...program.commands.map(pageFile)]);
    const { text } = render(pages.get('tunel.1') ?? '');
    for (const command of program.commands) expect(text).toContain(`tunel-${command.name()}`);
    for (const { code } of exitCodes) expect(text).toContain(` ${code ?? '128 + N'} `);
    expect(text).toContain('--no-engine');
    expect(text).toContain('NO_COLOR');
  });

  test.each(program.commands.map((command) => [command.name(), command] as const))(
    '%s renders without a warning, with its commands and options',
    (_name, command) => {
      const { text, warnings } = render(pages.get(pageFile(command)) ?? '');
      expect(warnings).toBe('');
      for (const leaf of commandsIn(command)) {
        expect(text).toContain(`tunel ${nameOf(leaf)}`);
        for (const { long } of leaf.options) expect(text).toContain(long);
        expect(text).toContain(leaf.usage());
      }
    },
  );

  test('shows texts that mean something to groff as they are', () => {
    const odd = new Command('tunel').description('odd');
    odd
      .command('odd')
      .description(`.TH at the begin, a \\fBbackslash\\n, “quotes”, 'single', "double", -dash, \`code\``)
      .option('--dir <C:\\new>', "'tis the first\n.so /etc/passwd")
      .addHelpText('after', "\n.so /etc/passwd\n  'indented' \\e");
    const { text, warnings } = render(manualPages(odd, '1').get('tunel-odd.1') ?? '');
    expect(warnings).toBe('');
    expect(text).toContain(`.TH at the begin, a \\fBbackslash\\n, “quotes”, 'single', "double", -dash, code`);
    expect(text).toContain("--dir <C:\\new> 'tis the first .so /etc/passwd");
    expect(text).toContain(".so /etc/passwd 'indented' \\e");
  });
});
