import type { ClusterInput } from '../electron/shared/clusters.ts';
import type { RequestInput } from '../electron/shared/contract/index.ts';
import { AppError } from '../electron/shared/errors.ts';
import type { FolderInput, FolderSource } from '../electron/shared/folders.ts';
import type { PromptAnswer } from '../electron/shared/prompts.ts';
import type { SiteProfile } from '../electron/shared/sites.ts';
import type { Settings } from '../electron/shared/state.ts';
import { invoke } from './bridge.ts';
import { ui } from './ui-store.ts';

/** The user's own doing, or told by a dialog of its own. */
const toldElsewhere: ReadonlySet<string> = new Set(['cancelled', 'host-key-changed', 'host-key-revoked']);

/** Runs an action whose failure belongs to no field or card: the failure is shown as a message. Never rejects. */
export async function attempt(what: string, work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    const failure = AppError.from(error);
    if (!toldElsewhere.has(failure.code)) ui.toast({ tone: 'bad', title: what, error: failure });
    return false;
  }
}

/** Every call to the engine and the main process, each rejecting with an AppError. */
export const actions = {
  saveCluster: (id: string | undefined, input: ClusterInput) => invoke('clusters.save', { id, input }),
  copyCluster: (id: string) => invoke('clusters.copy', { id }),
  removeCluster: (id: string) => invoke('clusters.remove', { id }),
  testCluster: (input: ClusterInput, signal: AbortSignal) => invoke('clusters.test', { input }, signal),
  connect: (id: string) => invoke('clusters.connect', { id }),
  disconnect: (id: string) => invoke('clusters.disconnect', { id }),
  retry: (id: string) => invoke('clusters.retry', { id }),
  forgetSecrets: (id: string) => invoke('clusters.forgetSecrets', { id }),
  setSite: (id: string, profile: SiteProfile | null) => invoke('clusters.setSite', { id, profile }),
  sites: () => invoke('sites.list', undefined),
  readSite: (source: string, clusterId: string) => invoke('sites.read', { source, clusterId }),
  sshConfigHosts: () => invoke('clusters.sshConfigHosts', undefined),
  resolveSshConfig: (alias: string) => invoke('clusters.resolveSshConfig', { alias }),
  answerPrompt: (id: string, answer: PromptAnswer) => invoke('prompts.answer', { id, answer }),
  inspectFolder: (source: FolderSource, clusterId: string | undefined, signal: AbortSignal) =>
    invoke('folders.inspect', { source, clusterId }, signal),
  saveFolder: (id: string | undefined, input: FolderInput) => invoke('folders.save', { id, input }),
  removeFolder: (id: string) => invoke('folders.remove', { id }),
  watchFolder: (instanceId: string, on: boolean) => invoke('folders.watch', { instanceId, on }),
  choosePath: (kind: 'folder' | 'zip') => invoke('desktop.choosePath', { kind }),
  reviewSource: (input: RequestInput<'sources.review'>, signal: AbortSignal) => invoke('sources.review', input, signal),
  acceptSource: (key: string) => invoke('sources.accept', { key }),
  discardSource: (key: string) => invoke('sources.discard', { key }),
  removeSource: (id: string) => invoke('sources.remove', { id }),
  reloadRecipes: () => invoke('recipes.reload', undefined),
  previewRecipe: (input: RequestInput<'recipes.preview'>) => invoke('recipes.preview', input),
  launch: (input: RequestInput<'instances.launch'>) => invoke('instances.launch', input),
  stop: (id: string) => invoke('instances.stop', { id }),
  end: (id: string) => invoke('instances.end', { id }),
  continueLaunch: (id: string) => invoke('instances.continue', { id }),
  forgetLaunch: (id: string) => invoke('instances.forget', { id }),
  removeInstance: (id: string) => invoke('instances.remove', { id }),
  exposure: (id: string) => invoke('instances.exposure', { id }),
  note: (id: string, label: string) => invoke('instances.note', { id, label }),
  log: (id: string, offset: number) => invoke('instances.log', { id, offset }),
  saveSettings: (settings: Partial<Settings>) => invoke('settings.save', settings),
  dismissNotice: (id: string) => invoke('notices.dismiss', { id }),

  choices: (input: RequestInput<'clusters.choices'>, signal: AbortSignal) => invoke('clusters.choices', input, signal),
  listFolder: (input: RequestInput<'files.list'>, signal: AbortSignal) => invoke('files.list', input, signal),
  filePlaces: (clusterId: string, signal: AbortSignal) => invoke('files.places', { clusterId }, signal),
  savePreset: (input: RequestInput<'presets.save'>) => invoke('presets.save', input),
  renamePreset: (id: string, name: string) => invoke('presets.rename', { id, name }),
  removePreset: (id: string) => invoke('presets.remove', { id }),
  takeLink: () => invoke('desktop.takeLink', undefined),

  openView: (instanceId: string) => invoke('views.open', { instanceId }),
  closeView: (instanceId: string) => invoke('views.close', { instanceId }),
  selectView: (instanceId: string | null) => invoke('views.select', { instanceId }),
  setBounds: (bounds: RequestInput<'views.setBounds'>) => invoke('views.setBounds', bounds),
  back: () => invoke('views.back', undefined),
  forward: () => invoke('views.forward', undefined),
  reload: () => invoke('views.reload', undefined),
  zoom: (factor: number) => invoke('views.zoom', { factor }),
  find: (text: string, next: boolean, forward: boolean) => invoke('views.find', { text, next, forward }),
  stopFind: () => invoke('views.stopFind', undefined),
  detach: (instanceId: string) => invoke('views.detach', { instanceId }),
  attach: (instanceId: string) => invoke('views.attach', { instanceId }),
  setFullScreen: (on: boolean) => invoke('views.setFullScreen', { on }),
  focusView: () => invoke('views.focus', undefined),
  cover: (covered: boolean) => invoke('views.cover', { covered }),
  openExternal: (url: string) => invoke('desktop.openExternal', { url }),
  openInBrowser: (instanceId: string) => invoke('desktop.openInBrowser', { instanceId }),
  copy: (text: string) => invoke('desktop.copy', { text }),
  showDataDirectory: () => invoke('desktop.showDataDirectory', undefined),

  async copySshCommand(id: string) {
    const { command } = await invoke('instances.sshCommand', { id });
    await invoke('desktop.copy', { text: command });
    ui.toast({ tone: 'ok', title: 'The ssh command is on the clipboard.' });
  },
};
