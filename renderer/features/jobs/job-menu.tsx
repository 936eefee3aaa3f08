import { ActionIcon, Menu } from '@mantine/core';
import {
  IconArchive,
  IconArchiveOff,
  IconArrowsDiff,
  IconCopy,
  IconDots,
  IconEdit,
  IconFolderOpen,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconSend,
  IconTrash,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react';
import type { Job } from '../../../electron/shared/jobs.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { stroke } from '../../components/icons.tsx';
import { MenuHint } from '../../components/menu-hint.tsx';
import { isJobLive, isSubmitted } from '../../text/batch-job.ts';
import { ui } from '../../ui-store.ts';
import {
  archiveJob,
  askToRemoveJob,
  canCompose,
  cancelJob,
  canEdit,
  canHold,
  canRemove,
  copyAsDraft,
  copyInComposer,
  editInComposer,
  editJob,
  holdJob,
  releaseJob,
  rerunJob,
  submitJob,
} from './job-actions.ts';
import { useJob } from './known-jobs.ts';
import { toggleMark, useMarkedJobs } from './marked-jobs.ts';

const icon = (Shown: TablerIcon) => <Shown size={16} stroke={stroke} aria-hidden />;

function RunItems({ job }: { job: Job }) {
  return (
    <>
      {job.state === 'new' && (
        <Menu.Item leftSection={icon(IconSend)} onClick={() => submitJob(job)}>
          Submit
        </Menu.Item>
      )}
      {job.state === 'new' && canCompose(job) && (
        <Menu.Item leftSection={icon(IconEdit)} onClick={() => editInComposer(job)}>
          Edit
          <MenuHint>Its form and script</MenuHint>
        </Menu.Item>
      )}
      {isSubmitted(job) && (
        <Menu.Item leftSection={icon(IconRefresh)} onClick={() => rerunJob(job)}>
          Run again
          <MenuHint>With the inputs it was submitted with</MenuHint>
        </Menu.Item>
      )}
      <Menu.Item leftSection={icon(IconPencil)} onClick={() => copyAsDraft(job)}>
        Copy as a draft
        <MenuHint>Its inputs and script, not submitted yet</MenuHint>
      </Menu.Item>
      {isSubmitted(job) && canCompose(job) && (
        <Menu.Item leftSection={icon(IconEdit)} onClick={() => copyInComposer(job)}>
          Edit and run again
          <MenuHint>A new job with its inputs</MenuHint>
        </Menu.Item>
      )}
      {canEdit(job) && (
        <Menu.Item leftSection={icon(IconEdit)} onClick={() => editJob(job)}>
          Edit and launch again
          <MenuHint>The form with its values</MenuHint>
        </Menu.Item>
      )}
      {canHold(job) && (
        <Menu.Item leftSection={icon(IconPlayerPause)} onClick={() => holdJob(job)}>
          Hold
          <MenuHint>Does not begin until you release it</MenuHint>
        </Menu.Item>
      )}
      {job.state === 'held' && (
        <Menu.Item leftSection={icon(IconPlayerPlay)} onClick={() => releaseJob(job)}>
          Release
        </Menu.Item>
      )}
    </>
  );
}

/** Marks it; two that are marked are compared at once, wherever the menu is. */
function MarkItem({ job }: { job: Job }) {
  const ids = useMarkedJobs((state) => state.ids);
  const other = ids.find((id) => id !== job.id);
  const otherJob = useJob(other ?? '');
  if (otherJob) {
    const compare = () => ui.open({ kind: 'compare-jobs', first: otherJob.id, second: job.id });
    return (
      <Menu.Item leftSection={icon(IconArrowsDiff)} onClick={compare}>
        Compare with {otherJob.name}
      </Menu.Item>
    );
  }
  return (
    <Menu.Item leftSection={icon(IconArrowsDiff)} onClick={() => toggleMark(job.id)}>
      {ids.includes(job.id) ? 'Do not compare' : 'Compare with another job'}
      <MenuHint>Its values, resources and script</MenuHint>
    </Menu.Item>
  );
}

/** What can be done with a job, most used first. `isWhole`: with what its page and row have as buttons. */
export function JobMenuItems(props: { job: Job; isWhole?: boolean; onRemoved?: () => void }) {
  const { job, isWhole = false, onRemoved } = props;
  return (
    <>
      {isWhole && (
        <Menu.Item leftSection={icon(IconFolderOpen)} onClick={() => ui.showJob(job.id)}>
          Show
        </Menu.Item>
      )}
      <RunItems job={job} />
      {job.directory !== '' && (
        <Menu.Item
          leftSection={icon(IconCopy)}
          onClick={() => attempt('The path was not copied', invoke('desktop.copy', { text: job.directory }))}
        >
          Copy the path of its directory
        </Menu.Item>
      )}
      <MarkItem job={job} />
      {!isJobLive(job) && (
        <Menu.Item leftSection={icon(job.archived ? IconArchiveOff : IconArchive)} onClick={() => archiveJob(job)}>
          {job.archived ? 'Take from the archive' : 'Archive'}
        </Menu.Item>
      )}
      <Menu.Divider />
      {isJobLive(job) && (
        <Menu.Item data-danger leftSection={icon(IconX)} onClick={() => cancelJob(job)}>
          Cancel
        </Menu.Item>
      )}
      {canRemove(job) && (
        <Menu.Item data-danger leftSection={icon(IconTrash)} onClick={() => askToRemoveJob(job, onRemoved)}>
          Remove
          <MenuHint>With its directory on the cluster</MenuHint>
        </Menu.Item>
      )}
    </>
  );
}

export function JobMenu(props: { job: Job; tabIndex?: number; onRemoved?: () => void }) {
  const { job, tabIndex, onRemoved } = props;
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={`More for ${job.name}`} tabIndex={tabIndex}>
          {icon(IconDots)}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <JobMenuItems job={job} onRemoved={onRemoved} />
      </Menu.Dropdown>
    </Menu>
  );
}
