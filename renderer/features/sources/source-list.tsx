import { Button } from '@mantine/core';
import { IconGitBranch } from '@tabler/icons-react';
import type { Source } from '../../../electron/shared/sources.ts';
import { actions } from '../../actions.ts';
import { stroke } from '../../components/parts.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';

function askToRemove({ id, url }: Source) {
  ui.confirm({
    title: 'Remove these recipes?',
    text: `The recipes of ${url} are used no more. Apps that run go on.`,
    action: 'Remove',
    run: () => actions.removeSource(id),
  });
}

/** Repositories whose recipes are used, each with the commit that was looked at. */
export function SourceList() {
  const sources = useStore((state) => state.sources);
  return (
    <div className="col">
      <div className="row wrap">
        <span className="grow">From git repositories</span>
        <Button
          leftSection={<IconGitBranch size={16} stroke={stroke} aria-hidden />}
          onClick={() => ui.open({ kind: 'source', id: null })}
        >
          Add a repository
        </Button>
      </div>
      <ul aria-label="Repositories in use">
        {sources.map((source) => (
          <li key={source.id} className="row g3">
            <code className="mono s grow cut" title={source.url}>
              {source.url}
            </code>
            <span className="s dim mono">{source.ref || 'default'}</span>
            <span className="s dim mono">{source.commit.slice(0, 8)}</span>
            <button
              type="button"
              className="link"
              aria-label={`Look for an update of ${source.url}`}
              onClick={() => ui.open({ kind: 'source', id: source.id })}
            >
              Update
            </button>
            <button
              type="button"
              className="link"
              aria-label={`Remove ${source.url}`}
              onClick={() => askToRemove(source)}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
