import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../electron/shared/errors.ts';
import type { TemplateInput } from '../../electron/shared/job-templates.ts';
import { message } from '../../electron/shared/messages.ts';
import { type EngineSession, withEngine, withEngineState } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import { findJob } from '../find-job.ts';
import { findTemplate, findWholeTemplate } from '../find-template.ts';
import type { JsonOption } from '../json-option.ts';
import { resourcesOf } from '../launch-values.ts';
import { formatDateTime, printDone, printJson, printProgress, printTable } from '../output.ts';
import type { ResourceOptions } from '../resource-options.ts';

export interface SaveTemplateOptions extends JsonOption {
  input?: string[];
  replace?: boolean;
}

export interface UseTemplateOptions extends ResourceOptions, JsonOption {
  cluster?: string;
  submit?: boolean;
}

export function listTemplates({ json }: JsonOption): Promise<void> {
  return withEngineState({}, async ({ request, state }) => {
    const { templates } = await request('templates.list', {});
    if (json) return printJson(templates);
    const clusterOf = (id: string) => state().clusters.find(({ cluster }) => cluster.id === id)?.cluster.name ?? '';
    printTable(
      ['NAME', 'CLUSTER', 'FILES', 'SAVED'],
      templates.map(({ name, content, savedAt }) => [
        ...[name, clusterOf(content.clusterId), String(content.inputs.length), formatDateTime(savedAt)],
      ]),
    );
  });
}

export function showTemplate(name: string, { json }: JsonOption): Promise<void> {
  return withEngine(async (session) => {
    const { templates } = await session.request('templates.list', {});
    const template = findTemplate(templates, name);
    if (json) printJson(template);
    else process.stdout.write(template.content.script);
  });
}

const readInput = (file: string): TemplateInput => {
  try {
    return { path: basename(file), content: readFileSync(file).toString('base64') };
  } catch (cause) {
    throw new AppError('not-found', message`${{ file }} cannot be read here.`, { cause });
  }
};

export function saveTemplate(name: string, id: string, options: SaveTemplateOptions): Promise<void> {
  const { input = [], replace = false } = options;
  return withEngineState({ launches: true }, async (session) => {
    const { id: jobId } = await findJob(session, id);
    const {
      clusterId,
      launcher,
      name: jobName,
      script,
      resources,
      modules,
    } = await session.request('jobs.get', {
      id: jobId,
    });
    if (script === null) {
      throw new AppError('conflict', message`The script of ${{ jobName }} is not known here.`, {
        hint: 'Choose a job that was made with a script.',
      });
    }
    const content = { clusterId, launcher, jobName, script, resources, modules, inputs: input.map(readInput) };
    const saved = await session.request('templates.save', { name, content, replace });
    printDone(options, saved, `The template ${name} is saved.`);
  });
}

export function useTemplate(name: string, jobName: string | undefined, options: UseTemplateOptions): Promise<void> {
  return withEngineState({ connects: true, launches: true }, async (session) => {
    const { templates } = await session.request('templates.list', {});
    const template = findTemplate(templates, name);
    const { content } = template;
    const clusterId =
      options.cluster === undefined ? content.clusterId : findCluster(session.state(), options.cluster).id;
    const { launcher, script, modules } = content;
    let job = await session.request('jobs.create', {
      clusterId,
      name: jobName ?? (content.jobName || template.name),
      script,
      launcher,
      modules,
      resources: { ...content.resources, ...resourcesOf(options) },
    });
    for (const { path, content: text } of content.inputs) await putText(session, job.id, path, text);
    if (options.submit) job = await session.request('jobs.submit', { id: job.id });
    if (options.json) return printJson(job);
    process.stdout.write(`${job.id}\n`);
    printProgress(`${job.name} is ${job.state}, in ${job.directory} on ${job.clusterName}.`);
  });
}

async function putText({ openStream }: Pick<EngineSession, 'openStream'>, id: string, path: string, content: string) {
  const bytes = Buffer.from(content, 'base64');
  const stream = await openStream('jobs.upload', { id, path, size: bytes.length });
  stream.data.resume();
  await pipeline([bytes], stream.data).catch(async (error: unknown) => {
    // Why the engine refused it stands at the end of the stream.
    await stream.closed;
    throw error;
  });
  await stream.closed;
}

export function renameTemplate(name: string, newName: string, options: JsonOption): Promise<void> {
  return withEngine(async (session) => {
    const { templates } = await session.request('templates.list', {});
    const { id } = findTemplate(templates, name);
    await session.request('templates.rename', { id, name: newName });
    printDone(options, { id, name: newName }, `The template ${name} is now ${newName}.`);
  });
}

export function removeTemplate(name: string, options: JsonOption): Promise<void> {
  return withEngine(async (session) => {
    const { templates } = await session.request('templates.list', {});
    const { id } = findWholeTemplate(templates, name);
    await session.request('templates.remove', { id });
    printDone(options, { id }, `The template ${name} is removed.`);
  });
}
