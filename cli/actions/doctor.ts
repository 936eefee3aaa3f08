import type { ClusterState } from '../../electron/shared/clusters.ts';
import { AppError } from '../../electron/shared/errors.ts';
import type { FileSpace } from '../../electron/shared/files.ts';
import type { Finding } from '../doctor/finding.ts';
import { judgeCluster, judgeFailure, judgeSignIn, notChecked } from '../doctor/judge-cluster.ts';
import { judgeComputer, judgeEngine, judgeEngineFailure } from '../doctor/judge-computer.ts';
import { readComputer, readEngine, readKey } from '../doctor/read-computer.ts';
import { demoFor, type StateSession, withEngineState } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson } from '../output.ts';
import { paint } from '../style.ts';

export interface DoctorOptions extends JsonOption {
  all?: boolean;
}

/** Exits with 1 where a check failed. */
export async function diagnose(names: readonly string[], { json, all = false }: DoctorOptions): Promise<void> {
  const findings: Finding[] = [];
  const add = (more: readonly Finding[]): void => {
    for (const each of more) {
      findings.push(each);
      if (!json) print(each, findings);
    }
  };
  const computer = await readComputer();
  add(judgeComputer(computer));
  let isEngineUp = false;
  const connects = all || names.length > 0;
  try {
    await withEngineState({ connects, ...demoFor(names.find((name) => name === 'demo')) }, async (session) => {
      isEngineUp = true;
      const wanted = names.map((name) => findCluster(session.state(), name).id);
      add(judgeEngine(await readEngine(session, session.state())));
      for (const each of session.state().clusters) {
        const { cluster, connection } = each;
        if (names.length > 0 && !wanted.includes(cluster.id)) continue;
        add(judgeSignIn(cluster, await Promise.all(cluster.keyFiles.map(readKey)), computer.ssh !== null));
        const isAsked = connects || connection.state === 'connected';
        add(isAsked ? await checkCluster(session, cluster) : [notChecked(cluster.name, connection.state)]);
      }
    });
  } catch (error) {
    if (isEngineUp) throw error;
    add([judgeEngineFailure(error)]);
  }
  if (json) printJson(findings);
  if (findings.some(({ result }) => result === 'failed')) process.exitCode = 1;
}

async function checkCluster(session: StateSession, { id, name }: { id: string; name: string }): Promise<Finding[]> {
  try {
    const facts = await session.request('clusters.facts', { id });
    const space = await readSpace(session, id);
    await session.refresh();
    const now = session.state().clusters.find(({ cluster }: ClusterState) => cluster.id === id);
    return now ? judgeCluster(facts, now, space) : [];
  } catch (error) {
    if (session.interrupted.aborted) throw error;
    return [judgeFailure(name, error)];
  }
}

/** A cluster may have no program that says it; the facts hold what its disk says then. */
async function readSpace({ request, interrupted }: StateSession, clusterId: string): Promise<FileSpace | null> {
  try {
    return await request('files.space', { clusterId, path: '' });
  } catch (error) {
    if (interrupted.aborted || AppError.from(error).code === 'connection-lost') throw error;
    return null;
  }
}

const marks = { ok: 'ok  ', warning: 'look', failed: 'FAIL', unchecked: '-   ' } as const;
const colours = { ok: 'green', warning: 'yellow', failed: 'red', unchecked: 'gray' } as const;

/** A heading where the subject is another one than before. */
function print({ subject, check, result, text, hint }: Finding, all: readonly Finding[]): void {
  const before = all.at(-2)?.subject;
  if (subject !== before) process.stdout.write(`${before === undefined ? '' : '\n'}${subject}\n`);
  process.stdout.write(`  ${paint(colours[result], marks[result])}  ${check}: ${text}\n`);
  if (hint) process.stdout.write(`        ${hint}\n`);
}
