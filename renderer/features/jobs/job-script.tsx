import { IconCopy } from '@tabler/icons-react';
import type { Job } from '../../../electron/shared/jobs.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import list from '../../components/definition-list.module.css';
import { IconButton } from '../../components/icon-button.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import surface from '../../components/surface.module.css';
import { useStore } from '../../store.ts';
import { jobFacts, resourceFacts } from '../../text/batch-job.ts';
import { ui } from '../../ui-store.ts';
import { ScriptCode } from '../launch/script-code.tsx';
import css from './job-detail.module.css';

function Pairs({ title, pairs }: { title: string; pairs: readonly (readonly [string, string])[] }) {
  if (pairs.length === 0) return null;
  return (
    <section className={`${surface.card} ${css.card}`} aria-label={title}>
      <h2>{title}</h2>
      <dl className={list.list}>
        {pairs.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The scheduler's own words for it. */
function nativePairs({ id, state, native, directory, launcher }: Job): [string, string][] {
  const pairs: [string, string | undefined][] = [
    ['Id', id],
    ['State', [state, native?.state].filter(Boolean).join(', ')],
    ['Reason', native?.reason],
    ['Launcher', launcher],
    ['Number', native?.id],
    ['Node', native?.node],
    ['Exit code', native?.exitCode == null ? '' : String(native.exitCode)],
    ['Directory', directory],
  ];
  return pairs.filter((pair): pair is [string, string] => Boolean(pair[1]));
}

function Values({ job }: { job: Job }) {
  const recipe = useStore((state) => state.recipes.list.find(({ name }) => name === job.values?.recipe));
  if (!job.values) return null;
  const pairs = Object.entries(job.values.args).map(
    ([name, value]) => [recipe?.args.find((arg) => arg.name === name)?.title ?? name, String(value)] as const,
  );
  return <Pairs title={`Values of ${recipe?.title ?? job.values.recipe}`} pairs={pairs} />;
}

/** What was or will be submitted: the script, and what it was made from. */
export function JobScript({ job, script }: { job: Job; script: string | null }) {
  const { rerunOf } = job;
  return (
    <div className={css.columns}>
      <section className={`${surface.card} ${css.script}`} aria-label="Script">
        <div className={css.cardHead}>
          <h2 className="grow">Script</h2>
          <IconButton
            icon={IconCopy}
            label="Copy the script"
            size={26}
            disabled={!script}
            onClick={() => attempt('The script was not copied', invoke('desktop.copy', { text: script ?? '' }))}
          />
        </div>
        {script === null ? (
          <p className={css.card}>The script is not known here. It is in the directory of the job.</p>
        ) : (
          <ScriptCode text={script} isBusy={false} />
        )}
      </section>
      <div className={css.side}>
        <Pairs title="Job" pairs={nativePairs(job)} />
        <Pairs title="Resources" pairs={[['Where', jobFacts(job).join(', ')], ...resourceFacts(job)]} />
        <Values job={job} />
        {rerunOf !== null && (
          <p className="text-sm">
            Run again from <LinkButton onClick={() => ui.showJob(rerunOf)}>job {rerunOf}</LinkButton>
          </p>
        )}
      </div>
    </div>
  );
}
