import { Button } from '@mantine/core';
import { IconGitBranch } from '@tabler/icons-react';
import type { Source } from '../../../electron/shared/sources.ts';
import { invoke } from '../../bridge.ts';
import { stroke } from '../../components/icons.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';

function askToRemove({ id, url }: Source) {
  ui.confirm({
    title: 'Remove these recipes?',
    text: `The recipes of ${url} are no longer used. Running apps keep running.`,
    action: 'Remove',
    run: () => invoke('sources.remove', { id }),
  });
}

/** Repositories whose recipes are used, each with the commit that was looked at. */
export function SourceList() {
  const sources = useStore((state) => state.sources);
  return (
    <div className="column grow gap-12">
      <ul aria-label="Repositories in use" className="hide-empty">
        {sources.map((source) => (
          <li key={source.id} className="row gap-12">
            <code className="mono text-sm grow truncate" title={source.url}>
              {source.url}
            </code>
            <span className="text-sm text-secondary mono">{source.ref || 'default'}</span>
            <span className="text-sm text-secondary mono">{source.commit.slice(0, 8)}</span>
            <LinkButton
              aria-label={`Check for an update of ${source.url}`}
              onClick={() => ui.open({ kind: 'source', id: source.id })}
            >
              Update
            </LinkButton>
            <LinkButton aria-label={`Remove ${source.url}`} onClick={() => askToRemove(source)}>
              Remove
            </LinkButton>
          </li>
        ))}
      </ul>
      <div>
        <Button
          leftSection={<IconGitBranch size={16} stroke={stroke} aria-hidden />}
          onClick={() => ui.open({ kind: 'source', id: null })}
        >
          Add a repository
        </Button>
      </div>
    </div>
  );
}
