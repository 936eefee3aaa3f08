import { Box, Switch } from '@mantine/core';
import type { Instance } from '../../../electron/shared/instances.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { Note } from '../../components/note.tsx';
import { useStore } from '../../store.ts';

/** In a running app's card: what was last sent of its folder, and whether each save is sent. */
export function FolderRun({ instance }: { instance: Instance }) {
  const entry = useStore((state) => state.folders.find(({ recipe }) => recipe === instance.recipe));
  if (!entry) return null;
  const report = entry.reports.find(({ clusterId }) => clusterId === instance.clusterId);
  const on = entry.watched.includes(instance.id);
  const watch = (wanted: boolean) =>
    attempt(
      wanted ? 'The folder is not watched' : 'The folder is still watched',
      invoke('folders.watch', { instanceId: instance.id, on: wanted }),
    );
  return (
    <Box mt={12}>
      <div className="row gap-12">
        {instance.state === 'ready' && entry.folder.source.kind === 'folder' && (
          <Switch
            size="xs"
            label="Watch"
            aria-label={`Send ${instance.title} again at each save`}
            checked={on}
            onChange={(event) => void watch(event.currentTarget.checked)}
          />
        )}
        <span className="text-sm text-secondary tabular" role="status">
          {on && entry.progress ? entry.progress.text : (report?.text ?? '')}
        </span>
      </div>
      {on && entry.problem && (
        <Note tone="bad" role="alert">
          <strong className="bold">The last save was not sent.</strong> {entry.problem}
        </Note>
      )}
    </Box>
  );
}
