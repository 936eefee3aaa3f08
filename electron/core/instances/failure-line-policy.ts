/** A longer line says nothing to a person, and the rules would look at it for very long. */
const MAX_LINE = 2000;
/** So many lines before the end still explain it. */
const NEAR = 80;

/** What programs print whatever happens. */
const noise: readonly RegExp[] = [
  /^\s*$/,
  // Statistics and greetings of Xvnc.
  /^\s*(?:ComparingUpdateTracker|EncodeManager|Connections|VNCSConnST|VNCServerST|XserverDesktop|SocketManager|TcpSocket)\b/,
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d [\d:]{8} (?:[A-Z]{2,5} )?\d{4}$/,
  /^Xvnc |^Copyright \(C\) 1999|^See https?:\/\/\S+ for information on TigerVNC|^Underlying X server release/,
  /^\[notice\]|^WARNING: (?:Running pip as|You are using pip version|The scripts? .* (?:is|are) installed in|Retrying \()/,
  /^\s*(?:Consider adding this directory to PATH|You should consider upgrading via)/,
  /^npm (?:notice|warn\b|WARN\b)|^npm (?:ERR!|error)(?:\s*$|.*(?:complete log of this run|\/_logs\/))/,
  /^==> WARNING: A newer version of conda exists/,
  /^(?:srun|slurmstepd|mpirun|mpiexec): (?:error: )?.*(?:Exited with exit code|CANCELLED AT|STEP .* CANCELLED|task \d+: (?:Killed|Terminated))/,
  /^Execution halted$|^Node\.js v\d|^make(?:\[\d+\])?: \*\*\* |^Traceback \(most recent call last\):$/,
];

/** Our own lines about how a start goes on; those about why it did not are wanted. */
const progress =
  /^Tunel: (?:starting: |waiting: |installing |the environment is there|the packages are there|the folder changed|the app ended)/;

const strong =
  /\b(?:FATAL|ERROR|CRITICAL)\b|^(?:fatal|error|panic|Error in \S)|(?:^|[\s:])(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception)\b(?=[:\s]|$)|^Error\b|\berror: |Fatal error|No module named |Segmentation fault|Bus error|Killed$/;

/** The line of a log that says best why a program ended: a Python exception, else the last error, else the last line. */
export function failureLine(log: string): string {
  const lines = log
    .split('\n')
    .slice(-NEAR)
    .map((line) => line.trimEnd().slice(0, MAX_LINE));
  const telling = lines.filter((line) => !noise.some((pattern) => pattern.test(line)) && !progress.test(line));
  const last = telling.at(-1) ?? '';
  if (last.startsWith('Tunel: ')) return last;
  return exceptionOf(lines) ?? telling.findLast((line) => strong.test(line))?.trim() ?? last.trim();
}

/** The exception below the last traceback; its message may go on in the following lines, which say less. */
function exceptionOf(lines: readonly string[]): string | null {
  const at = lines.findLastIndex((line) => line.endsWith('Traceback (most recent call last):'));
  if (at < 0) return null;
  return lines.slice(at + 1).find((line) => /^[A-Za-z_][\w.]*(?::|$)/.test(line)) ?? null;
}
