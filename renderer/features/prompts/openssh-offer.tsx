import { clusterInputSchema } from '../../../electron/shared/clusters.ts';
import type { Prompt } from '../../../electron/shared/prompts.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { LinkButton } from '../../components/link-button.tsx';
import { useStore } from '../../store.ts';

/** Gives up this sign-in, and begins anew with OpenSSH, which checks certificates of hosts. */
async function connectWithOpenSsh(prompt: Prompt, cluster: { id: string }): Promise<void> {
  await invoke('prompts.answer', { id: prompt.id, answer: { kind: 'cancel' } });
  const input = { ...clusterInputSchema.parse(cluster), transport: 'openssh' as const };
  await invoke('clusters.save', { id: cluster.id, input });
  await invoke('clusters.connect', { id: cluster.id });
}

/** Nothing for a cluster that is not saved yet, and on Windows, where there is no such way. */
export function OpenSshOffer({ prompt }: { prompt: Prompt }) {
  const cluster = useStore((state) => state.clusters.find((entry) => entry.cluster.id === prompt.clusterId)?.cluster);
  if (!cluster || window.tunel.platform === 'win32') return null;
  return (
    <LinkButton onClick={() => attempt(`${cluster.name} did not connect`, connectWithOpenSsh(prompt, cluster))}>
      Use OpenSSH
    </LinkButton>
  );
}
