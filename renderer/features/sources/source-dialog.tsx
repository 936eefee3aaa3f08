import { Button, Loader, TextInput } from '@mantine/core';
import { IconGitBranch } from '@tabler/icons-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import type { SourceReview } from '../../../electron/shared/sources.ts';
import { actions } from '../../actions.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/parts.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { label } from '../launch/fields.tsx';
import { Review } from './source-review.tsx';

/** What nobody answered is also forgotten when the engine ends, so a failure here matters to nobody. */
function drop(key: string | null): void {
  if (key) actions.discardSource(key).catch(() => undefined);
}

/** Looks at a repository of recipes and uses it. `id`: the newest commit of one that is used already. */
export function SourceDialog({ id }: { id: string | null }) {
  const source = useStore((state) => state.sources.find((entry) => entry.id === id));
  const [url, setUrl] = useState(source?.url ?? '');
  const [ref, setRef] = useState(source?.ref ?? '');
  const [review, setReview] = useState<SourceReview | null>(null);
  const [busy, setBusy] = useState<'' | 'look' | 'accept'>('');
  const [error, setError] = useState<AppError | null>(null);
  /** Reviews are kept by the engine until they are answered; one that comes after the dialog closed is discarded too. */
  const open = useRef<string | 'closed' | null>(null);

  useEffect(() => {
    open.current = null;
    return () => {
      const key = open.current;
      open.current = 'closed';
      if (key !== 'closed') drop(key);
    };
  }, []);

  const change = (set: (text: string) => void) => (text: string) => {
    if (open.current !== 'closed') drop(open.current);
    open.current = null;
    setReview(null);
    setError(null);
    set(text);
  };
  const look = async () => {
    setBusy('look');
    setError(null);
    try {
      const found = await actions.reviewSource(id === null ? { url: url.trim(), ref: ref.trim() } : { id });
      if (open.current === 'closed') return drop(found.key);
      open.current = found.key;
      setReview(found);
    } catch (failure) {
      setError(AppError.from(failure));
    }
    setBusy('');
  };
  const accept = async (key: string) => {
    setBusy('accept');
    try {
      open.current = null;
      await actions.acceptSource(key);
      ui.closeDialog();
    } catch (failure) {
      setReview(null);
      setError(AppError.from(failure));
      setBusy('');
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (url.trim() !== '') void look();
  };

  return (
    <Dialog
      title={id === null ? 'Recipes from a git repository' : 'Update recipes'}
      subtitle="You see what they may do before the first is used, and what changed before an update."
      icon={IconGitBranch}
      size={640}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button onClick={ui.closeDialog}>Cancel</Button>
          <Button
            variant="filled"
            disabled={!review || review.commit === review.before}
            loading={busy === 'accept'}
            onClick={() => review && accept(review.key)}
          >
            Use these recipes
          </Button>
        </>
      }
    >
      <form className="row top" onSubmit={submit}>
        <TextInput
          data-autofocus
          className="grow"
          label={label('Address', 'https, ssh or a path with file://')}
          placeholder="https://example.org/recipes.git"
          classNames={{ input: 'mono' }}
          spellCheck={false}
          readOnly={id !== null}
          value={url}
          onChange={(event) => change(setUrl)(event.currentTarget.value)}
        />
        <TextInput
          label={label('Branch or tag', 'optional')}
          classNames={{ input: 'mono' }}
          spellCheck={false}
          readOnly={id !== null}
          value={ref}
          onChange={(event) => change(setRef)(event.currentTarget.value)}
        />
        <Button type="submit" mt={22} disabled={url.trim() === ''} loading={busy === 'look'}>
          Look
        </Button>
      </form>
      <div role="status" className="result">
        {busy === 'look' && (
          <span className="row dim">
            <Loader size={14} /> Fetching {url}
          </span>
        )}
        {review && busy !== 'look' && <Review review={review} />}
      </div>
      {error && <ErrorNote error={error} title="The recipes were not read" alert />}
    </Dialog>
  );
}
