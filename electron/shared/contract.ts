import { z } from 'zod';
import { clusterInputSchema, clusterTestSchema, resolvedHostSchema, sshConfigHostSchema } from './clusters.ts';
import { fileListSchema, filePlaceSchema } from './files.ts';
import { folderInputSchema, folderSourceSchema, inspectionSchema, syncReportSchema } from './folders.ts';
import { formChoiceSchema } from './form-choices.ts';
import { exposureSchema, launchInputSchema } from './instances.ts';
import { presetNameSchema } from './presets.ts';
import { promptAnswerSchema } from './prompts.ts';
import { choiceSourceSchema } from './recipes.ts';
import { shippedSiteSchema, siteProfileSchema, siteReadingSchema } from './sites.ts';
import { sourceInputSchema, sourceReviewSchema } from './sources.ts';
import { appStateSchema, settingsChangeSchema } from './state.ts';
import { stateChangeSchema } from './state-patch.ts';

const nothing = z.void();
const id = z.object({ id: z.string().min(1).max(100) });
const key = z.string().min(1).max(100);
const define = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ input, output });

/** Requests the engine answers. Names are `<noun>.<verb>`. The command line calls the same. */
export const engineRequests = {
  'app.state': define(nothing, z.object({ revision: z.number(), state: appStateSchema.omit({ views: true }) })),
  'clusters.save': define(
    z.object({ id: z.string().optional(), input: clusterInputSchema }),
    z.object({ id: z.string() }),
  ),
  'clusters.copy': define(id, z.object({ id: z.string() })),
  'clusters.remove': define(id, nothing),
  /** Signs in with what is given, says what was found, keeps nothing. A test can be cancelled by its key. */
  'clusters.test': define(z.object({ key: z.string(), input: clusterInputSchema }), clusterTestSchema),
  'clusters.cancelTest': define(z.object({ key: z.string() }), nothing),
  'clusters.connect': define(id, nothing),
  'clusters.disconnect': define(id, nothing),
  'clusters.forgetSecrets': define(id, nothing),
  /** Takes over a profile the user has seen the review of; null: without one again. */
  'clusters.setSite': define(
    z.object({ id: z.string().min(1).max(100), profile: siteProfileSchema.nullable() }),
    nothing,
  ),
  /** What a field of a form can be filled with there. Connects if need be; can be cancelled by its key. */
  'clusters.choices': define(
    z.object({ key, clusterId: id.shape.id, from: choiceSourceSchema, fresh: z.boolean().default(false) }),
    z.array(formChoiceSchema),
  ),
  'clusters.cancelChoices': define(z.object({ key }), nothing),
  /** A folder there; `nearest`: where the path is no folder, the nearest one above it. Can be cancelled by its key. */
  'files.list': define(
    z.object({ key, clusterId: id.shape.id, path: z.string().max(4096), nearest: z.boolean().default(false) }),
    fileListSchema,
  ),
  /** Folders worth a shortcut there: home, work, scratch. Can be cancelled by its key. */
  'files.places': define(z.object({ key, clusterId: id.shape.id }), z.array(filePlaceSchema)),
  'files.cancel': define(z.object({ key }), nothing),
  /** Keeps values of a launch form under a name, without secrets. `replace`: the recipe's preset of that name as well. */
  'presets.save': define(
    z.object({ name: presetNameSchema, input: launchInputSchema, replace: z.boolean().default(false) }),
    z.object({ id: z.string() }),
  ),
  'presets.rename': define(id.extend({ name: presetNameSchema }), nothing),
  'presets.remove': define(id, nothing),
  /** The profiles that ship with the app. */
  'sites.list': define(nothing, z.array(shippedSiteSchema)),
  /**
   * Reads a profile and changes nothing. `source`: an absolute path (or `~/...`) on this machine, an https address, or the name
   * of a shipped one. `clusterId`: the review then says what changes on that cluster.
   */
  'sites.read': define(
    z.object({ source: z.string().trim().min(1).max(4096), clusterId: z.string().max(100).optional() }),
    siteReadingSchema,
  ),
  'clusters.sshConfigHosts': define(nothing, z.array(sshConfigHostSchema)),
  'clusters.resolveSshConfig': define(z.object({ alias: z.string().min(1).max(255) }), resolvedHostSchema),
  'prompts.answer': define(z.object({ id: z.string(), answer: promptAnswerSchema }), nothing),
  /**
   * Fetches a repository of recipes, or an accepted one's newest commit, and tells what it may do; nothing is used yet. Can be
   * cancelled by its key.
   */
  'sources.review': define(
    z.union([sourceInputSchema.extend({ key: key.optional() }), id.extend({ key: key.optional() })]),
    sourceReviewSchema,
  ),
  'sources.cancel': define(z.object({ key }), nothing),
  'sources.accept': define(z.object({ key: z.string() }), id),
  'sources.discard': define(z.object({ key: z.string() }), nothing),
  'sources.remove': define(id, nothing),
  'recipes.reload': define(nothing, nothing),
  /** The script as it would be sent. */
  'recipes.preview': define(
    launchInputSchema,
    z.object({ script: z.string(), submit: z.string(), launcher: z.string() }),
  ),
  /** Whether the cluster's scheduler would take it, in its own words; null: it cannot be asked. Rejects with why not. */
  'recipes.verify': define(launchInputSchema, z.object({ launcher: z.string(), words: z.string().nullable() })),
  'instances.launch': define(launchInputSchema, z.object({ id: z.string() })),
  /** Before ready: cancel. After: asks the app to save, then ends the job. */
  'instances.stop': define(id, nothing),
  /** Ends the job at once. */
  'instances.end': define(id, nothing),
  /** Takes an ended instance off the list, and its directory off the cluster when it can be reached. */
  'instances.remove': define(id, nothing),
  /** The log from a byte offset on; negative: that many bytes from the end. At most 256 KiB a call. */
  'instances.log': define(
    z.object({ id: z.string(), offset: z.number().int() }),
    z.object({ text: z.string(), offset: z.number(), next: z.number(), size: z.number() }),
  ),
  /** The value of one of an app's notes, e.g. its password. */
  'instances.note': define(
    z.object({ id: z.string(), label: z.string().max(100) }),
    z.object({ value: z.string().max(4000) }),
  ),
  'instances.sshCommand': define(id, z.object({ command: z.string() })),
  /** Looks anew who besides the user can reach it; the answer is also kept as its `exposure`. */
  'instances.exposure': define(id, exposureSchema),
  /** A link that works once, within a minute, in any browser of this user. */
  'instances.browserLink': define(id, z.object({ url: z.string() })),
  /** What a folder, zip or git repository is, and what would be sent; `clusterId`: who clones a git address. Can be cancelled by its key. */
  'folders.inspect': define(
    z.object({ key: key.optional(), source: folderSourceSchema, clusterId: z.string().max(100).optional() }),
    inspectionSchema,
  ),
  'folders.cancel': define(z.object({ key }), nothing),
  /** Makes or changes a recipe of the user's own that runs a folder. */
  'folders.save': define(
    z.object({ id: z.string().max(100).optional(), input: folderInputSchema }),
    z.object({ id: z.string(), recipe: z.string() }),
  ),
  'folders.remove': define(id, nothing),
  /** Sends what changed, without a launch. */
  'folders.sync': define(z.object({ id: z.string().max(100), clusterId: z.string().max(100) }), syncReportSchema),
  /** Takes a folder's files and environments off a cluster. */
  'folders.clean': define(z.object({ id: z.string().max(100), clusterId: z.string().max(100) }), nothing),
  /** Sends the folder of a running app at each save and starts the app again. */
  'folders.watch': define(z.object({ instanceId: z.string().max(100), on: z.boolean() }), nothing),
  'connections.retry': define(id, nothing),
  'settings.save': define(settingsChangeSchema, nothing),
  'notices.dismiss': define(id, nothing),
} as const;

const bounds = z.object({ x: z.number(), y: z.number(), width: z.number().min(0), height: z.number().min(0) });

/** Requests the main process answers itself: windows, views and the desktop. */
export const mainRequests = {
  'views.open': define(z.object({ instanceId: z.string() }), nothing),
  'views.close': define(z.object({ instanceId: z.string() }), nothing),
  /** null: show the app's own pages. */
  'views.select': define(z.object({ instanceId: z.string().nullable() }), nothing),
  /** Where the page leaves room for the selected view, CSS pixels of the window. */
  'views.setBounds': define(bounds, nothing),
  'views.back': define(nothing, nothing),
  'views.forward': define(nothing, nothing),
  'views.reload': define(nothing, nothing),
  'views.zoom': define(z.object({ factor: z.number().min(0.3).max(5) }), nothing),
  'views.find': define(
    z.object({ text: z.string().max(1000), forward: z.boolean().default(true), next: z.boolean().default(false) }),
    nothing,
  ),
  'views.stopFind': define(nothing, nothing),
  'views.detach': define(z.object({ instanceId: z.string() }), nothing),
  'views.attach': define(z.object({ instanceId: z.string() }), nothing),
  'views.focus': define(nothing, nothing),
  /** Gives the selected view the whole screen, or takes it back. The view keeps the keys. */
  'views.setFullScreen': define(z.object({ on: z.boolean() }), nothing),
  /** Swaps the view for a still picture (data URL, or null when there is none) while something of ours floats over it. */
  'views.cover': define(z.object({ covered: z.boolean() }), z.object({ picture: z.string().nullable() })),
  'desktop.openExternal': define(z.object({ url: z.string().max(4000) }), nothing),
  'desktop.openInBrowser': define(z.object({ instanceId: z.string() }), nothing),
  'desktop.copy': define(z.object({ text: z.string().max(1_000_000) }), nothing),
  /** The launch link this app was last opened with, once; null: none waits. It is a stranger's text. */
  'desktop.takeLink': define(nothing, z.object({ url: z.string() }).nullable()),
  'desktop.showDataDirectory': define(nothing, nothing),
  /** The system's own dialog; null: closed without a choice. */
  'desktop.choosePath': define(
    z.object({ kind: z.enum(['folder', 'zip']) }),
    z.object({ path: z.string().nullable() }),
  ),
} as const;

export const requests = { ...engineRequests, ...mainRequests } as const;
export type EngineRequestName = keyof typeof engineRequests;
export type MainRequestName = keyof typeof mainRequests;
export type RequestName = keyof typeof requests;
export type RequestInput<N extends RequestName> = z.input<(typeof requests)[N]['input']>;
export type ParsedInput<N extends RequestName> = z.output<(typeof requests)[N]['input']>;
export type RequestOutput<N extends RequestName> = z.output<(typeof requests)[N]['output']>;

/** Events to the renderer. */
export const events = {
  /** Patches that lead to this revision from the one before. After a gap in revisions, ask for `app.state` again. */
  'state.changed': stateChangeSchema,
  'log.appended': z.object({ id: z.string(), offset: z.number(), text: z.string() }),
  /** A key combination of ours pressed inside a view. */
  'keys.pressed': z.object({ key: z.enum(['palette', 'toolbar', 'next-view', 'previous-view']) }),
  /** A launch link waits to be taken. */
  'link.opened': z.object({}),
  'menu.command': z.object({
    command: z.enum([
      'launch',
      'settings',
      'about',
      'close-view',
      'reload-view',
      'find',
      'zoom-in',
      'zoom-out',
      'zoom-reset',
      'stop',
    ]),
  }),
} as const;
export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;

/** `window.tunel`, all that the preload gives the page. */
export interface TunelBridge {
  /** Resolves with the output; rejects with an Error whose `message` is JSON of SerializedError (the bridge drops other fields). */
  invoke<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>>;
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  readonly platform: 'darwin' | 'linux' | 'win32';
}
