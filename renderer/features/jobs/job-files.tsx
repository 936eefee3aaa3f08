import { Button, Loader } from '@mantine/core';
import { IconPencil, IconRefresh, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { displayName } from '../../../electron/shared/file-names.ts';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { isJobOver, type Job } from '../../../electron/shared/jobs.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import pane from '../../components/pane-parts.module.css';
import surface from '../../components/surface.module.css';
import { isSubmitted } from '../../text/batch-job.ts';
import { useUi } from '../../ui-store.ts';
import { editFile } from '../files/editing/edit-file.ts';
import { downloadWhenOver, forgetResults, useAwaitedResults } from './download-when-over.ts';
import { FileButton } from './file-button.tsx';
import { FileTable } from './file-table.tsx';
import { connectCluster } from './job-button.tsx';
import { JobFilePreview } from './job-file-preview.tsx';
import css from './job-files.module.css';
import { TransferList } from './transfer-list.tsx';
import { startUpload } from './transfers.ts';
import { useFileDrop } from './use-file-drop.ts';
import { useJobFiles } from './use-job-files.ts';

const join = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

function Breadcrumbs({ folder, onFolder }: { folder: string; onFolder: (folder: string) => void }) {
  if (folder === '') return <h2 className="grow">Files</h2>;
  const parts = folder.split('/');
  return (
    <nav className={`${css.crumbs} grow`} aria-label="Folder">
      <LinkButton onClick={() => onFolder('')}>Files</LinkButton>
      {parts.map((part, index) => {
        const path = parts.slice(0, index + 1).join('/');
        return (
          <span key={path} className="row gap-4">
            /
            {index === parts.length - 1 ? (
              <span className="medium truncate">{part}</span>
            ) : (
              <LinkButton onClick={() => onFolder(path)}>{part}</LinkButton>
            )}
          </span>
        );
      })}
    </nav>
  );
}

/** Saves all files as an archive, at once or when the job is over. */
function ResultsButton({ job }: { job: Job }) {
  const folder = useAwaitedResults(({ folders }) => folders.get(job.id));
  if (folder !== undefined) {
    return (
      <span className="text-sm text-secondary row gap-4" title={folder}>
        Saved here when it is over
        <LinkButton onClick={() => forgetResults(job.id)}>Cancel</LinkButton>
      </span>
    );
  }
  return (
    <Button size="xs" variant="subtle" onClick={() => downloadWhenOver(job)}>
      {isJobOver(job.state) ? 'Download all' : 'Download when finished'}
    </Button>
  );
}

/** Why there are no files to list. */
function Nothing(props: { job: Job; cluster: ClusterState | undefined; isReachable: boolean; isLoading: boolean }) {
  const { job, cluster, isReachable, isLoading } = props;
  if (!isReachable) {
    return (
      <div className={pane.notice}>
        <p>
          {cluster
            ? `${job.clusterName} is not connected, so its files cannot be listed.`
            : 'Its cluster was removed here.'}
        </p>
        {cluster && <Button onClick={() => connectCluster(cluster)}>Connect</Button>}
      </div>
    );
  }
  if (isLoading) {
    return (
      <div className={pane.notice} role="status">
        <Loader size="sm" /> Reading the directory
      </div>
    );
  }
  return (
    <div className={pane.notice}>
      <p>
        {job.state === 'new' ? 'No files yet. Upload what the script reads, or drop files here.' : 'No files here.'}
      </p>
    </div>
  );
}

function EditButton({ job, path }: { job: Job; path: string }) {
  if (!job.directory.startsWith('/')) return null;
  const source = { kind: 'cluster' as const, clusterId: job.clusterId };
  const label = `Edit ${displayName(path.split('/').at(-1) ?? path)}`;
  const edit = () => editFile(source, `${job.directory}/${path}`, { job: job.id });
  return <IconButton icon={IconPencil} label={label} size={26} onClick={edit} />;
}

/** The directory of a job: its files and folders, what they hold, and the way in and out of it. */
export function JobFiles({ job, cluster }: { job: Job; cluster: ClusterState | undefined }) {
  const [folder, setFolder] = useState('');
  const [shown, setShown] = useState(useUi((state) => state.jobFile));
  const isReachable = cluster?.connection.state === 'connected' && job.directory !== '';
  const { list, error, isLoading, reload } = useJobFiles(job, folder, isReachable);
  const isTaking = job.state === 'new' && isReachable;
  const upload = (files: readonly File[]) => {
    for (const file of files) void startUpload(job.id, join(folder, file.name), file).then(reload);
  };
  const drop = useFileDrop(isTaking, upload);
  const entries = list?.entries ?? [];
  const entry = entries.find(({ name }) => join(folder, name) === shown);
  const openFolder = (path: string) => {
    setFolder(path);
    setShown(null);
  };
  const open = ({ kind, name }: FileEntry) =>
    kind === 'folder' ? openFolder(join(folder, name)) : setShown(join(folder, name));
  return (
    <div className={entry ? `${css.split} ${css.both}` : css.split}>
      <section
        className={drop.isOver ? `${surface.card} ${css.files} ${css.over}` : `${surface.card} ${css.files}`}
        aria-label="Files"
        {...drop.target}
      >
        <div className={pane.bar}>
          <Breadcrumbs folder={folder} onFolder={openFolder} />
          {isTaking && <FileButton label="Upload" hint="Files to upload" icon={IconUpload} onFiles={upload} />}
          {isReachable && isSubmitted(job) && <ResultsButton job={job} />}
          {isReachable && <IconButton icon={IconRefresh} label="Read the directory again" size={26} onClick={reload} />}
        </div>
        <TransferList jobId={job.id} />
        {error && (
          <div className={pane.notice}>
            <ErrorNote title="The directory could not be read" error={error.serialize()} alert />
          </div>
        )}
        {entries.length > 0 ? (
          <FileTable job={job} folder={folder} entries={entries} shown={shown} onOpen={open} onChanged={reload} />
        ) : (
          !error && <Nothing job={job} cluster={cluster} isReachable={isReachable} isLoading={isLoading} />
        )}
        {list?.truncated && <p className={`${pane.notice} text-sm text-tertiary`}>Not all files are listed.</p>}
      </section>
      {entry && shown !== null && (
        <JobFilePreview key={shown} jobId={job.id} path={shown} entry={entry} onClose={() => setShown(null)}>
          <EditButton job={job} path={shown} />
        </JobFilePreview>
      )}
    </div>
  );
}
