import {
  type JobTemplate,
  type JobTemplateContent,
  type TemplateInput,
  templateInputLimit,
} from '../../../../electron/shared/job-templates.ts';
import type { Job } from '../../../../electron/shared/jobs.ts';
import type { LauncherName } from '../../../../electron/shared/kinds.ts';
import { type Draft, draftOf, emptyDraft, resourcesOf } from './draft.ts';

/** `clusterId`: instead of the template's own; empty: that one. */
export function draftOfTemplate({ content }: JobTemplate, clusterId: string): Draft {
  const { launcher, jobName: name, script, resources, modules } = content;
  const at = clusterId || content.clusterId;
  if (launcher === '') return { ...emptyDraft(at), name, script, modules, options: resources.options };
  const job: Pick<Job, 'clusterId' | 'launcher' | 'name' | 'script' | 'resources' | 'modules'> = {
    ...{ clusterId: at, launcher, name, script, resources, modules },
  };
  // Where it runs with is the other cluster's matter.
  return clusterId === '' ? draftOf(job) : { ...draftOf(job), launcher: '' };
}

/** Names in the form of files of the composer, which have no folders. */
export const filesOfTemplate = ({ content }: JobTemplate): File[] =>
  content.inputs.map(({ path, content: text }) => new File([decode(text)], path));

const decode = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

function encode(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** What a template keeps of a draft; files beyond its limit are left out, and named. */
export async function contentOf(
  draft: Draft,
  launcher: LauncherName,
  files: readonly File[],
): Promise<{ content: JobTemplateContent; leftOut: string[] }> {
  const inputs: TemplateInput[] = [];
  const leftOut: string[] = [];
  let left = templateInputLimit;
  for (const file of files) {
    if (file.size > left) {
      leftOut.push(file.name);
      continue;
    }
    left -= file.size;
    inputs.push({ path: file.name, content: encode(new Uint8Array(await file.arrayBuffer())) });
  }
  const { clusterId, name, script, modules } = draft;
  const resources = resourcesOf(draft, launcher);
  return { content: { clusterId, launcher, jobName: name.trim(), script, resources, modules, inputs }, leftOut };
}
