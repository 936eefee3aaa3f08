import {
  conditionTexts,
  type Dependency,
  namesJob,
  readDependencies,
} from '../../../electron/shared/dependency-policy.ts';
import { readFields } from '../../../electron/shared/directives/fields.ts';
import { dialects } from '../../../electron/shared/directives/index.ts';
import { quoteWord } from '../../../electron/shared/directives/words.ts';
import type { Job } from '../../../electron/shared/jobs.ts';
import { LinkButton } from '../../components/link-button.tsx';
import { JobBadge } from '../../components/state-badge.tsx';
import surface from '../../components/surface.module.css';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import css from './job-dependencies.module.css';

/** What a job waits for, by its script and its options; null: more than a list says, as text. */
export function dependenciesOf({ launcher, resources }: Job, script: string | null) {
  const dialect = dialects[launcher];
  if (!dialect) return { list: [] as Dependency[], text: '' };
  const options = resources.options.map((word) => (word.startsWith('-') ? word : quoteWord(word))).join(' ');
  const asked = readFields(`${dialect.prefix} ${options}\n${script ?? ''}`, dialect).dependency;
  return { list: readDependencies(asked, launcher), text: asked };
}

const ROW = 44;
const WIDTH = 360;

/** Boxes of the jobs that are waited for on the left, this one on the right. */
function Graph({ names, own }: { names: readonly string[]; own: string }) {
  const height = names.length * ROW;
  const cut = (text: string) => (text.length > 18 ? `${text.slice(0, 17)}…` : text);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${height}`} width={WIDTH} height={height} aria-hidden className={css.graph}>
      <defs>
        <marker
          id="dependency-arrow"
          viewBox="0 0 8 8"
          refX="8"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          orient="auto"
        >
          <path d="M0 0 L8 4 L0 8 Z" />
        </marker>
      </defs>
      {names.map((name, index) => {
        const y = index * ROW + ROW / 2;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: names may come twice, and their order is theirs
          <g key={index}>
            <rect x={1} y={y - 15} width={140} height={30} rx={6} />
            <text x={12} y={y + 4}>
              {cut(name)}
            </text>
            <path d={`M141 ${y} C 180 ${y}, 180 ${height / 2}, 217 ${height / 2}`} markerEnd="url(#dependency-arrow)" />
          </g>
        );
      })}
      <rect x={219} y={height / 2 - 15} width={140} height={30} rx={6} className={css.own} />
      <text x={230} y={height / 2 + 4}>
        {cut(own)}
      </text>
    </svg>
  );
}

/** The jobs that this one waits for. Nothing where it waits for none. */
export function JobDependencies({ job, script }: { job: Job; script: string | null }) {
  const others = useStore((state) => state.jobs);
  const cluster = useStore((state) => state.clusters.find((entry) => entry.cluster.id === job.clusterId));
  const { list, text } = dependenciesOf(job, script);
  if (text === '') return null;
  const find = (jobId: string) =>
    others.find((each) => each.clusterId === job.clusterId && each.native && namesJob(jobId, each.native.id));
  return (
    <section className={`${surface.card} ${css.card}`} aria-label="Begins after">
      <h2>Begins after</h2>
      {list === null ? (
        <p className="mono text-sm">{text}</p>
      ) : (
        <div className={css.both}>
          <Graph names={list.map(({ jobId }) => find(jobId)?.name ?? jobId)} own={job.name} />
          <ul className="column">
            {list.map(({ jobId, condition }) => {
              const other = find(jobId);
              return (
                <li key={`${condition} ${jobId}`} className="row text-sm">
                  {other ? (
                    <LinkButton onClick={() => ui.showJob(other.id)}>{other.name}</LinkButton>
                  ) : (
                    <span>Job</span>
                  )}
                  <span className="tabular">{jobId}</span>
                  <span className="text-tertiary">{conditionTexts[condition]}</span>
                  {other && <JobBadge job={other} cluster={cluster} />}
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </section>
  );
}
