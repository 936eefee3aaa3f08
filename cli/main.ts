import { ownWordsFirst } from './argv.ts';
import { createProgram } from './program.ts';

const program = createProgram();
await program.parseAsync(ownWordsFirst(program, process.argv.slice(2)), { from: 'user' });
