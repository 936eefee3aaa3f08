import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { FolderKind, FolderStart } from '../../../electron/shared/folders.ts';
import type { LaunchInput } from '../../../electron/shared/instances.ts';
import { endOwn, launchReady, saveCluster, stopApp, viewOf } from '../../helpers/apps.ts';
import { asUser, type ClusterInfo } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';

/** Folders on this machine as a user has them, and a core that runs them on one cluster. */
export class OwnFolders {
  readonly open: TestCore;
  readonly clusterId: string;
  readonly #info: ClusterInfo;
  readonly #launcher: LaunchInput['launcher'];
  readonly #work = mkdtempSync(join(tmpdir(), 'tunel-folders-'));
  readonly #made: string[] = [];

  private constructor(info: ClusterInfo, open: TestCore, clusterId: string, launcher: LaunchInput['launcher']) {
    this.#info = info;
    this.open = open;
    this.clusterId = clusterId;
    this.#launcher = launcher;
  }

  /** `environment`: lines of the cluster. */
  static async on(info: ClusterInfo, launcher: LaunchInput['launcher'], environment = ''): Promise<OwnFolders> {
    const open = await openTestCore();
    const clusterId = await saveCluster(open, info, { defaults: { environment } });
    return new OwnFolders(info, open, clusterId, launcher);
  }

  path(name: string): string {
    return join(this.#work, name);
  }

  write(name: string, files: Record<string, string>): string {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path(name), file)), { recursive: true });
      writeFileSync(join(this.path(name), file), text);
    }
    return this.path(name);
  }

  /** Looks at a folder and saves it as it was recognised. */
  async save(path: string, kind: FolderKind, change: (start: FolderStart) => Partial<FolderStart> = () => ({})) {
    const seen = await this.open.request('folders.inspect', { source: { kind: 'folder', path } });
    expect(seen.recognition.kind).toBe(kind);
    const { line, environment, listen, rescale } = seen.recognition;
    const start = { kind, line, environment, listen, rescale };
    const saved = await this.open.request('folders.save', {
      input: { title: seen.title, source: seen.source, start: { ...start, ...change(start) } },
    });
    this.#made.push(saved.id);
    return saved;
  }

  state(id: string) {
    return this.open.state().folders.find(({ folder }) => folder.id === id);
  }

  input(recipe: string, resources: Partial<LaunchInput['resources']> = {}) {
    const { clusterId } = this;
    return { clusterId, recipe, launcher: this.#launcher, resources: { memory: 300, time: 20, ...resources } };
  }

  launch(recipe: string, resources?: Partial<LaunchInput['resources']>) {
    return launchReady(this.open, this.input(recipe, resources));
  }

  view(id: string) {
    return viewOf(this.open, id);
  }

  async stop(id: string): Promise<void> {
    expect(await stopApp(this.open, id)).toMatchObject({ state: 'ended', error: null });
  }

  log(id: string): Promise<string> {
    return this.open.request('instances.log', { id, offset: 0 }).then(({ text }) => text);
  }

  /** What a command of the user prints on a node. */
  async onNode(node: string, command: string): Promise<string> {
    return (await asUser('ada', this.#info, node, command)).stdout;
  }

  /** Launches a folder, gets a page of it through the gateway, stops it. */
  async pageOf(path: string, kind: FolderKind, page = '/') {
    const { id, recipe } = await this.save(path, kind);
    const app = await this.launch(recipe);
    const view = this.view(app.id);
    const { text } = await view.get(page);
    view.close();
    const log = await this.log(app.id);
    await this.stop(app.id);
    return { id, recipe, text, log };
  }

  /** Changes one file here and sends the folder; what was sent is printed and told. */
  async sendChange(id: string, file: string, text: string) {
    writeFileSync(file, text);
    const report = await this.open.request('folders.sync', { id, clusterId: this.clusterId });
    console.log(`${id}: ${report.text}`);
    expect(report).toMatchObject({ sentFiles: 1, sentBytes: Buffer.byteLength(text) });
    return report;
  }

  async close(): Promise<void> {
    await endOwn(this.open);
    const launched = this.open.state().instances.filter(({ input }) => input !== null);
    const directories = launched.map(({ id }) => `.tunel/${id}`);
    await asUser('ada', this.#info, this.#info.entry, ['rm', '-rf', ...directories]);
    for (const id of this.#made) await this.open.request('folders.clean', { id, clusterId: this.clusterId });
    await this.open.close();
    rmSync(this.#work, { recursive: true, force: true });
  }
}
