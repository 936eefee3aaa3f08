import type { EventName, RequestName } from './contract.ts';

// The preload knows the names but not the schemas: zod would make it forty times as large. The types hold both lists equal.
const requestTable: Record<RequestName, true> = {
  'app.state': true,
  'clusters.save': true,
  'clusters.copy': true,
  'clusters.remove': true,
  'clusters.test': true,
  'clusters.cancelTest': true,
  'clusters.connect': true,
  'clusters.disconnect': true,
  'clusters.forgetSecrets': true,
  'clusters.sshConfigHosts': true,
  'clusters.resolveSshConfig': true,
  'prompts.answer': true,
  'recipes.reload': true,
  'recipes.preview': true,
  'instances.launch': true,
  'instances.stop': true,
  'instances.end': true,
  'instances.remove': true,
  'instances.log': true,
  'instances.sshCommand': true,
  'instances.browserLink': true,
  'connections.retry': true,
  'settings.save': true,
  'notices.dismiss': true,
  'views.open': true,
  'views.close': true,
  'views.select': true,
  'views.setBounds': true,
  'views.back': true,
  'views.forward': true,
  'views.reload': true,
  'views.zoom': true,
  'views.find': true,
  'views.stopFind': true,
  'views.detach': true,
  'views.attach': true,
  'views.focus': true,
  'views.cover': true,
  'desktop.openExternal': true,
  'desktop.openInBrowser': true,
  'desktop.copy': true,
  'desktop.showDataDirectory': true,
};

const eventTable: Record<EventName, true> = {
  'state.changed': true,
  'log.appended': true,
  'keys.pressed': true,
  'menu.command': true,
};

export const requestNames: ReadonlySet<string> = new Set(Object.keys(requestTable));
export const eventNames: ReadonlySet<string> = new Set(Object.keys(eventTable));
