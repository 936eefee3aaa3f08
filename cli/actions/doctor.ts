import { type Finding, judgeCluster, judgeComputer, judgeFailure, notChecked } from '../doctor/findings.ts';
import { readComputer } from '../doctor/read-computer.ts';
import { demoFor, type StateSession, withEngineState } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson } from '../output.ts';
import { paint } from '../style.ts';

/** Exits with 1 where a check failed. */
export function diagnose(names: readonly string[], { json }: JsonOption): Promise<void> {
  return withEngineState(
    { connects: names.length > 0, ...demoFor(names.find((name) => name === 'demo')) },
    async (session) => {
      const wanted = names.map((name) => findCluster(session.state(), name).id);
      const findings: Finding[] = [];
      const add = (more: readonly Finding[]) => {
        findings.push(...more);
        if (!json) for (const each of more) print(each, findings);
      };
      add(judgeComputer(await readComputer(session, session.state())));
      for (const { cluster, connection } of session.state().clusters) {
        const isChosen = wanted.includes(cluster.id);
        if (names.length > 0 && !isChosen) continue;
        if (isChosen || connection.state === 'connected') add(await checkCluster(session, cluster));
        else add([notChecked(cluster.name, connection.state)]);
      }
      if (json) printJson(findings);
      if (findings.some(({ result }) => result === 'failed')) process.exitCode = 1;
    },
  );
}

async function checkCluster(
  { request, state, refresh }: StateSession,
  { id, name }: { id: string; name: string },
): Promise<Finding[]> {
  try {
    const facts = await request('clusters.facts', { id });
    await refresh();
    const now = state().clusters.find(({ cluster }) => cluster.id === id);
    return now ? judgeCluster(facts, now) : [];
  } catch (error) {
    return [judgeFailure(name, error)];
  }
}

const marks = { ok: 'ok  ', warning: 'look', failed: 'FAIL', unchecked: '-   ' } as const;
const colours = { ok: 'green', warning: 'yellow', failed: 'red', unchecked: 'gray' } as const;

/** A heading where the subject is another one than before. */
function print({ subject, check, result, text, hint }: Finding, all: readonly Finding[]): void {
  const at = all.findIndex((each) => each.subject === subject);
  if (all[at]?.check === check) process.stdout.write(`${at === 0 ? '' : '\n'}${subject}\n`);
  process.stdout.write(`  ${paint(colours[result], marks[result])}  ${check}: ${text}\n`);
  if (hint) process.stdout.write(`        ${hint}\n`);
}
