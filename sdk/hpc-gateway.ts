import type { ClusterInput } from './clusters.ts';
import { NotFoundError } from './errors.ts';
import type { Tunel } from './tunel.ts';
import type { FileEntry, JobState, Requests } from './types.ts';

/** What the gateway's `create_job` takes; `script` instead of a command and an image. */
export interface Transformation {
  job_name: string;
  ntasks_per_node?: number;
  partition?: string;
  /** What apptainer runs, e.g. `docker://debian`. */
  image?: string;
  executable_cmd?: string;
  script?: string;
  resources?: Requests['jobs.create']['input']['resources'];
}

export interface JobFolder {
  message: string;
  state: JobState;
  files: FileEntry[];
}

/** The nine calls of the HPC gateway, for one cluster of an engine. */
export class HpcGateway {
  readonly #tunel: Tunel;
  readonly #cluster: string;

  /** @param cluster its name or id; for `createUser` its name */
  constructor(tunel: Tunel, cluster: string) {
    this.#tunel = tunel;
    this.#cluster = cluster;
  }

  /** Resolves while the engine answers. */
  async heartbeat(): Promise<string> {
    return `Tunel ${(await this.#tunel.status()).version} is alive.`;
  }

  /** Saves the cluster, or finds the one that is saved under the name. */
  async createUser(
    input?: Omit<ClusterInput, 'name'>,
  ): Promise<{ _id: string; name: string; home: string; message: string }> {
    const cluster = await this.#tunel.clusters.get(this.#cluster).catch((error: unknown) => {
      if (!(error instanceof NotFoundError) || !input) throw error;
      return this.#tunel.clusters.save({ ...input, name: this.#cluster });
    });
    const { home } = await cluster.facts();
    return { _id: cluster.id, name: cluster.user, home, message: `The cluster ${cluster.name} is saved.` };
  }

  /** Makes a job and its directory; resolves with its id. A `key` of yours makes a repeated call answer with the same job. */
  async createJob(transformation: Transformation, { key }: { key?: string } = {}): Promise<string> {
    const { job_name, ntasks_per_node, partition, resources } = transformation;
    const job = await this.#tunel.jobs.create({
      cluster: this.#cluster,
      name: job_name,
      script: scriptOf(transformation),
      resources: { cpus: ntasks_per_node ?? null, queue: partition ?? '', ...resources },
      key,
    });
    return job.id;
  }

  /** The files in the job's directory, and its state. */
  async checkJobState(jobid: string): Promise<JobFolder> {
    const job = await this.#tunel.jobs.get(jobid);
    const { entries } = await job.files.list();
    return { message: 'Files in the job folder.', state: job.state, files: entries };
  }

  async uploadFile(jobid: string, filename: string, sourcePath: string): Promise<void> {
    await (await this.#tunel.jobs.get(jobid)).files.upload(sourcePath, filename);
  }

  async downloadFile(jobid: string, filename: string, targetPath: string): Promise<void> {
    await (await this.#tunel.jobs.get(jobid)).files.download(filename, targetPath);
  }

  async deleteFile(jobid: string, filename: string): Promise<void> {
    await (await this.#tunel.jobs.get(jobid)).files.remove(filename);
  }

  /** Submits the job, once however often it is called. */
  async launchJob(jobid: string): Promise<{ jobid: string }> {
    await (await this.#tunel.jobs.get(jobid)).submit();
    return { jobid };
  }

  async cancelJob(jobid: string): Promise<{ message: string }> {
    await (await this.#tunel.jobs.get(jobid)).cancel();
    return { message: `The job ${jobid} is cancelled.` };
  }
}

/** The command as it is, in the image if there is one. */
function scriptOf({ script, image, executable_cmd = '' }: Transformation): string {
  if (script !== undefined) return script;
  const command = image ? `apptainer run '${image.replaceAll("'", `'\\''`)}' ${executable_cmd}` : executable_cmd;
  return `#!/bin/sh\n${command}\n`;
}
