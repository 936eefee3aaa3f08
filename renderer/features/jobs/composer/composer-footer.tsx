import { Button } from '@mantine/core';
import { IconAlertOctagon, IconCircleCheck, IconInfoCircle, IconPlayerPlay } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { JobCheck } from '../../../../electron/shared/jobs.ts';
import { launcherLabel } from '../../../../electron/shared/launcher-features.ts';
import { stroke } from '../../../components/icons.tsx';
import { Kbd, modKey } from '../../../components/kbd.tsx';
import { LinkButton } from '../../../components/link-button.tsx';
import { useNow } from '../../../components/use-now.ts';
import { count } from '../../../text/size.ts';
import { formatWhen } from '../../../text/time.ts';
import { ui } from '../../../ui-store.ts';
import css from './composer.module.css';
import type { useCheck } from './use-check.ts';
import type { Composer } from './use-composer.ts';
import type { useSending } from './use-sending.ts';

/** What the scheduler answered, in a sentence. */
function describeCheck({ launcher, answer, expectedStart, nodes }: JobCheck, clusterName: string, now: number): string {
  if (launcher === 'login') return 'The login node has no scheduler that could be asked.';
  if (answer === null)
    return `Not checked by the scheduler: ${launcherLabel(launcher)} cannot be asked before submission.`;
  if (launcher === 'htcondor') return `${clusterName} understands this submit file.`;
  if (expectedStart === null) return `${clusterName} accepts this job.`;
  const when = expectedStart <= now + 60_000 ? 'at once' : `about ${formatWhen(expectedStart, now)}`;
  return `${clusterName} accepts this job. It would start ${when}${nodes === '' ? '' : ` on ${nodes}`}.`;
}

function Line({ tone, icon: Icon, children }: { tone: string; icon: typeof IconCircleCheck; children: ReactNode }) {
  return (
    <>
      <Icon size={16} stroke={stroke} className={`${tone} no-shrink`} aria-hidden />
      {children}
    </>
  );
}

function Status({
  composer,
  checking,
  areErrorsShown,
}: {
  composer: Composer;
  checking: ReturnType<typeof useCheck>;
  areErrorsShown: boolean;
}) {
  const now = useNow(checking.state?.kind === 'accepted', 30_000);
  const { errors, cluster } = composer;
  const name = cluster?.cluster.name ?? '';
  if (areErrorsShown && errors.size > 0) {
    return (
      <Line tone="tone-bad" icon={IconAlertOctagon}>
        <span className="truncate tone-bad medium">
          Fix {count(errors.size, 'field')}: {[...errors.values()][0]?.message}
        </span>
      </Line>
    );
  }
  if (checking.isChecking) return <span className="text-tertiary">Asking the scheduler of {name}…</span>;
  const { state } = checking;
  if (state?.kind === 'refused') {
    return (
      <Line tone="tone-bad" icon={IconAlertOctagon}>
        <span className="truncate" title={state.error.message}>
          <span className="medium">Not accepted.</span> {state.error.message}
        </span>
      </Line>
    );
  }
  if (!state) return null;
  const isChecked = state.check.answer !== null;
  return (
    <Line tone={isChecked ? 'tone-ok' : 'tone-off'} icon={isChecked ? IconCircleCheck : IconInfoCircle}>
      <span className="truncate" title={state.check.answer ?? undefined}>
        {describeCheck(state.check, name, now)}
      </span>
    </Line>
  );
}

export function ComposerFooter(props: {
  composer: Composer;
  checking: ReturnType<typeof useCheck>;
  sending: ReturnType<typeof useSending>;
  areErrorsShown: boolean;
  isOld: boolean;
  onCheck: () => void;
  onSend: (isSubmitted: boolean) => void;
}) {
  const { composer, checking, sending, isOld, onCheck, onSend } = props;
  return (
    <footer className={css.foot}>
      <div className="row grow text-sm" role="status">
        <Status composer={composer} checking={checking} areErrorsShown={props.areErrorsShown} />
        {checking.state && !checking.isChecking && <LinkButton onClick={onCheck}>Check again</LinkButton>}
      </div>
      {!checking.state && (
        <Button variant="subtle" loading={checking.isChecking} onClick={onCheck}>
          Check
        </Button>
      )}
      <Button onClick={ui.closeComposer}>Cancel</Button>
      <Button loading={sending.busy === 'create'} disabled={sending.busy === 'submit'} onClick={() => onSend(false)}>
        {isOld ? 'Save draft' : 'Create draft'}
      </Button>
      <Button
        variant="filled"
        loading={sending.busy === 'submit'}
        disabled={sending.busy === 'create'}
        leftSection={<IconPlayerPlay size={16} stroke={stroke} aria-hidden />}
        rightSection={<Kbd keys={`${modKey()} ↵`} />}
        aria-keyshortcuts="Control+Enter"
        onClick={() => onSend(true)}
      >
        Submit
      </Button>
    </footer>
  );
}
