import type { KeptJob } from '../instances/types.ts';
import type { JobRecord } from '../storage/job-record.ts';

/** What the launch of a job needs of its record; null: it has no directory of its own. */
export function keptJob(record: JobRecord | null): KeptJob | null {
  if (!record?.hasOwnDirectory) return null;
  return {
    directory: record.directory,
    runDirectory: record.runDirectory,
    script: record.isScriptEdited ? record.script : null,
  };
}
