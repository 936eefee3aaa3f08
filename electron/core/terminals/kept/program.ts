import { quote } from '../../../shared/shell-quote.ts';
import commands from './program/commands.py' with { type: 'text' };
import common from './program/common.py' with { type: 'text' };
import holder from './program/holder.py' with { type: 'text' };
import start from './program/start.py' with { type: 'text' };

/** What keeps terminals on a node, in Python. */
export const keepingProgram = [common, holder, start, commands, 'main(sys.argv[1:])\n'].join('\n\n');

/** The exit code of a node without python3. */
export const NO_PYTHON = 127;

/** platform-python is the one that RHEL keeps for itself where the user's is left out. */
const byPython = (
  rest: string,
): string => `for p in python3 /usr/bin/python3 /usr/libexec/platform-python; do command -v "$p" >/dev/null 2>&1 && exec "$p" -I -S ${rest}; done
exit ${NO_PYTHON}
`;

/** Runs the program, which it reads from its input. */
export const programScript = (args: readonly string[]): string =>
  byPython(
    `-c 'import sys; PROGRAM = sys.stdin.buffer.read(); exec(compile(PROGRAM, "tunel-terminals", "exec"))' ${args.map(quote).join(' ')}`,
  );

/** Shows a kept terminal on the terminal that it runs on, by the program that it was started with. */
export const attachScript = (id: string): string => `stty -echo
f=$HOME/.tunel/terminals/${id}/program.py
[ -f "$f" ] || { [ -z "\${TUNEL_SIGNAL_FILE-}" ] || echo USR2 >"$TUNEL_SIGNAL_FILE"; kill -USR2 $$; }
${byPython(`"$f" attach ${id}`)}`;
