import { separateOwnOptions } from './own-options.ts';
import { findSchemaCommand, printSchema } from './print-schema.ts';
import { createProgram } from './program.ts';

/** Runs one command line to its end; its outcome is `process.exitCode`. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  const program = createProgram();
  // What a shell asks for the words that can follow; they may be no valid command line yet.
  if (argv[0] === 'complete' && argv[1] === '--') {
    const { completeCommandLine } = await import('./completion/complete.ts');
    return completeCommandLine(program, argv.slice(2));
  }
  const words = separateOwnOptions(program, argv);
  const described = findSchemaCommand(program, words);
  if (described) return printSchema(described);
  await program.parseAsync(words, { from: 'user' });
}
