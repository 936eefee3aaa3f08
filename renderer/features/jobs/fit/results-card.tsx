import { Select } from '@mantine/core';
import { useState } from 'react';
import type { FileEntry } from '../../../../electron/shared/files.ts';
import { JobFilePreview } from '../job-file-preview.tsx';

/** The plots and tables of the folder of results, one at a time. */
export function ResultsCard({ jobId, folder, files }: { jobId: string; folder: string; files: readonly FileEntry[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const entry = files.find(({ name }) => name === chosen) ?? files[0];
  if (!entry) return null;
  return (
    <JobFilePreview key={entry.name} jobId={jobId} path={`${folder}/${entry.name}`} entry={entry}>
      <Select
        aria-label="Result"
        size="xs"
        allowDeselect={false}
        value={entry.name}
        onChange={setChosen}
        data={files.map(({ name }) => name)}
      />
    </JobFilePreview>
  );
}
