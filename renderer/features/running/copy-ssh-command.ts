import { invoke } from '../../bridge.ts';
import { ui } from '../../ui-store.ts';

export async function copySshCommand(id: string): Promise<void> {
  const { command } = await invoke('instances.sshCommand', { id });
  await invoke('desktop.copy', { text: command });
  ui.toast({ tone: 'ok', title: 'The ssh command is on the clipboard.' });
}
