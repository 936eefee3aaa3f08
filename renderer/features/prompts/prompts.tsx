import { useStore } from '../../store.ts';
import { ApprovalPrompt } from './approval-prompt.tsx';
import { HostKeyPrompt } from './host-key-prompt.tsx';
import { InteractivePrompt } from './interactive-prompt.tsx';
import { SecretPrompt } from './secret-prompt.tsx';

/** Questions of clusters, one at a time, oldest first. */
export function Prompts() {
  const prompt = useStore((state) => state.prompts[0]);
  if (!prompt) return null;
  switch (prompt.kind) {
    case 'secret':
      return <SecretPrompt key={prompt.id} prompt={prompt} />;
    case 'interactive':
      return <InteractivePrompt key={prompt.id} prompt={prompt} />;
    case 'approval':
      return <ApprovalPrompt key={prompt.id} prompt={prompt} />;
    case 'host-key':
      return <HostKeyPrompt key={prompt.id} prompt={prompt} />;
  }
}
