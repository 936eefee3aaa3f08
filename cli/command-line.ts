import { separateOwnOptions } from './own-options.ts';
import { createProgram } from './program.ts';

/** Runs one command line to its end; its outcome is `process.exitCode`. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  const program = createProgram();
  await program.parseAsync(separateOwnOptions(program, argv), { from: 'user' });
}
