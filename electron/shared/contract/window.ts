import { z } from 'zod';
import { auditFilterSchema } from '../audit.ts';
import { editorSchema } from '../editors.ts';
import { jobNameSchema, jobPathSchema } from '../jobs.ts';
import { nothing } from './common.ts';
import { event, request } from './define.ts';
import { localRequests } from './local.ts';

const bounds = z.object({ x: z.number(), y: z.number(), width: z.number().min(0), height: z.number().min(0) });
const ofInstance = z.object({ instanceId: z.string() });
const ofView = z.object({ viewId: z.string() });
const window = 'owner' as const;

/** Answered by the app's main process itself and only for its own window: views, the desktop and files of this computer. */
export const requests = {
  ...localRequests,
  'views.open': request({
    doc: 'Opens the view of a running app; `path`: at that page of it.',
    scope: window,
    input: ofInstance.extend({
      path: z
        .string()
        .max(8000)
        .regex(/^\/\P{Cc}*$/u, 'A path of the app.')
        .optional(),
    }),
    output: nothing,
  }),
  'views.close': request({ doc: 'Closes a view.', scope: window, input: ofView, output: nothing }),
  'views.select': request({
    doc: "Shows a view; null: the app's own pages.",
    scope: window,
    input: z.object({ viewId: z.string().nullable() }),
    output: nothing,
  }),
  'views.setBounds': request({
    doc: 'Where the page leaves room for the selected view, in CSS pixels of the window.',
    scope: window,
    input: bounds,
    output: nothing,
  }),
  'views.back': request({ doc: 'One page back.', scope: window, input: nothing, output: nothing }),
  'views.forward': request({ doc: 'One page forward.', scope: window, input: nothing, output: nothing }),
  'views.reload': request({ doc: 'Loads the page again.', scope: window, input: nothing, output: nothing }),
  'views.zoom': request({
    doc: 'Sets the zoom of the selected view.',
    scope: window,
    input: z.object({ factor: z.number().min(0.3).max(5) }),
    output: nothing,
  }),
  'views.find': request({
    doc: 'Searches the page of the selected view.',
    scope: window,
    input: z.object({
      text: z.string().max(1000),
      forward: z.boolean().default(true),
      next: z.boolean().default(false),
    }),
    output: nothing,
  }),
  'views.stopFind': request({ doc: 'Ends the search.', scope: window, input: nothing, output: nothing }),
  'views.detach': request({
    doc: 'Moves a view to a window of its own.',
    scope: window,
    input: ofView,
    output: nothing,
  }),
  'views.attach': request({ doc: 'Moves it back.', scope: window, input: ofView, output: nothing }),
  'views.focus': request({
    doc: 'Gives the selected view the keyboard.',
    scope: window,
    input: nothing,
    output: nothing,
  }),
  'views.setFullScreen': request({
    doc: 'Gives the selected view the whole screen, or takes it back. The view keeps the keyboard.',
    scope: window,
    input: z.object({ on: z.boolean() }),
    output: nothing,
  }),
  'views.cover': request({
    doc: 'Swaps the view for a still picture (data URL; null: there is none) while a dialog floats over it.',
    scope: window,
    input: z.object({ covered: z.boolean() }),
    output: z.object({ picture: z.string().nullable() }),
  }),
  'desktop.openExternal': request({
    doc: "Opens an address in the user's browser.",
    scope: window,
    input: z.object({ url: z.string().max(4000) }),
    output: nothing,
  }),
  'desktop.openInBrowser': request({
    doc: "Opens a running app in the user's browser.",
    scope: window,
    input: ofInstance,
    output: nothing,
  }),
  'desktop.copy': request({
    doc: 'Puts text on the clipboard.',
    scope: window,
    input: z.object({ text: z.string().max(1_000_000) }),
    output: nothing,
  }),
  'desktop.takeLink': request({
    doc: 'The launch link this app was last opened with, once; null: there is none. Its text is not trusted.',
    scope: window,
    input: nothing,
    output: z.object({ url: z.string() }).nullable(),
  }),
  'desktop.showDataDirectory': request({
    doc: 'Shows the data directory in the file manager.',
    scope: window,
    input: nothing,
    output: nothing,
  }),
  'desktop.editors': request({
    doc: 'The editors of this computer that open a folder of an SSH host by an address.',
    scope: window,
    input: nothing,
    output: z.array(editorSchema),
  }),
  'desktop.openEditor': request({
    doc: 'Opens a folder of a cluster or of the node of a running app in an editor.',
    scope: window,
    input: z.object({
      editor: editorSchema,
      host: z
        .string()
        .max(255)
        .regex(/^tunel-[a-z0-9._-]+$/, 'A host that Tunel names.'),
      folder: z
        .string()
        .max(4096)
        .regex(/^\/[^\n\r]*$/, 'An absolute path.'),
    }),
    output: nothing,
  }),
  'desktop.zoom': request({
    doc: "Zooms Tunel's own pages.",
    scope: window,
    input: z.object({ direction: z.enum(['in', 'out', 'reset']) }),
    output: z.object({ factor: z.number() }),
  }),
  'desktop.exportAudit': request({
    doc: 'Writes calls of the audit log, newest first, into a file that the user chooses; null: closed without a choice.',
    scope: window,
    input: z.object({ format: z.enum(['csv', 'json']), filter: auditFilterSchema }),
    output: z.object({ path: z.string(), calls: z.number().int() }).nullable(),
  }),
  'desktop.choosePath': request({
    doc: "The system's own dialog for a folder, zip or key file; null: closed without a choice.",
    scope: window,
    input: z.object({ kind: z.enum(['folder', 'zip', 'key']) }),
    output: z.object({ path: z.string().nullable() }),
  }),
  'desktop.saveJobFile': request({
    doc: "Saves a file of a job's directory where the user chooses; null: the dialog was closed without a choice.",
    scope: window,
    input: z.object({
      jobId: z.string().max(200),
      path: jobPathSchema,
      /** What the page calls it in `save.progress`. */
      transfer: z.number().int(),
    }),
    output: z.object({ path: z.string().nullable() }),
  }),
  'desktop.chooseResultsFolder': request({
    doc: 'Asks for the folder that the archive of a job is saved in once it is over; null: the dialog was closed without a choice.',
    scope: window,
    input: z.object({ jobId: z.string().max(200) }),
    output: z.object({ folder: z.string().nullable() }),
  }),
  'desktop.saveResults': request({
    doc: 'Saves the archive of a job in the folder that was chosen for it; no file is replaced.',
    scope: window,
    input: z.object({
      jobId: z.string().max(200),
      name: jobNameSchema,
      /** What the page calls it in `save.progress`. */
      transfer: z.number().int(),
    }),
    output: z.object({ path: z.string() }),
  }),
};

/** The streams that a page may open. The others are for clients without a page. */
export const streamNames = [
  'terminals.open',
  'terminals.attach',
  'jobs.upload',
  'jobs.download',
  'files.entries',
  'files.upload',
  'files.download',
] as const;

export const events = {
  'keys.pressed': event({
    doc: 'A key combination of the app was pressed inside a view.',
    scope: window,
    payload: z.object({ key: z.enum(['palette', 'toolbar', 'next-view', 'previous-view']) }),
  }),
  'save.progress': event({
    doc: 'How much of a file that is being saved was written.',
    scope: window,
    payload: z.object({ transfer: z.number().int(), bytes: z.number().int() }),
  }),
  'job.shown': event({
    doc: 'The page of a job is to be shown, with a file of its directory.',
    scope: window,
    payload: z.object({ id: z.string(), file: z.string() }),
  }),
  'link.opened': event({ doc: 'A launch link waits to be taken.', scope: window, payload: z.object({}) }),
  'menu.command': event({
    doc: "A command of the application's menu.",
    scope: window,
    payload: z.object({
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
        'help',
        'stop',
      ]),
    }),
  }),
};
