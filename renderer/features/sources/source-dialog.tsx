import { Button, Checkbox, Loader, TextInput } from '@mantine/core';
import { IconGitBranch } from '@tabler/icons-react';
import { type FormEvent, useEffect, useState } from 'react';
import type { Source } from '../../../electron/shared/sources.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { fieldLabel } from '../../components/field-label.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { useStore } from '../../store.ts';
import { count } from '../../text/size.ts';
import { ui } from '../../ui-store.ts';
import { newErrors } from './review-policy.ts';
import css from './source-dialog.module.css';
import { Review } from './source-review.tsx';
import { useReview } from './use-review.ts';

/** Which repository: typed for a new one, told for one that is used already. */
function Address(props: { looking: boolean; onChange: () => void; onCheck: (url: string, ref: string) => void }) {
  const [url, setUrl] = useState('');
  const [ref, setRef] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (url.trim() !== '') props.onCheck(url.trim(), ref.trim());
  };
  // What was looked at is another repository's as soon as a letter changes.
  const change = (set: (text: string) => void) => (text: string) => {
    props.onChange();
    set(text);
  };
  return (
    <form className={`${css.address} row gap-12 align-start`} onSubmit={submit}>
      <TextInput
        data-autofocus
        className="grow"
        label={fieldLabel('Address', 'https, ssh or file://')}
        placeholder="https://example.org/recipes.git"
        classNames={{ input: 'mono' }}
        spellCheck={false}
        value={url}
        onChange={(event) => change(setUrl)(event.currentTarget.value)}
      />
      <TextInput
        label={fieldLabel('Branch or tag', 'optional')}
        classNames={{ input: 'mono' }}
        spellCheck={false}
        value={ref}
        onChange={(event) => change(setRef)(event.currentTarget.value)}
      />
      <Button type="submit" mt={22} disabled={url.trim() === ''} loading={props.looking}>
        Check
      </Button>
    </form>
  );
}

function InUse({ source }: { source: Source }) {
  return (
    <p className={`${css.inUse} text-sm text-secondary`}>
      <code className="mono">{source.url}</code>
      {source.ref ? ', ' : ', its own default branch'}
      {source.ref && <code className="mono">{source.ref}</code>}
    </p>
  );
}

/** Looks at a repository of recipes and uses it. `id`: the newest commit of one that is used already. */
export function SourceDialog({ id }: { id: string | null }) {
  const source = useStore((state) => state.sources.find((entry) => entry.id === id));
  const work = useReview();
  const { review, failure, looking, accepting } = work;
  const [agreed, setAgreed] = useState<string | null>(null);
  const isNew = review !== null && review.commit !== review.before;
  const errors = isNew ? newErrors(review) : 0;
  const mayUse = isNew && (errors === 0 || agreed === review.key);

  // biome-ignore lint/correctness/useExhaustiveDependencies: an update is looked for once, as the dialog opens
  useEffect(() => {
    if (id !== null) void work.look({ id });
  }, [id]);
  const accept = async () => {
    if (await work.accept()) ui.closeDialog();
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
          <span className="grow">
            {errors > 0 && (
              <Checkbox
                label={`I have read the ${count(errors, 'error')}`}
                checked={agreed === review?.key}
                onChange={(event) => setAgreed(event.currentTarget.checked ? (review?.key ?? null) : null)}
              />
            )}
          </span>
          <Button onClick={ui.closeDialog} data-autofocus={id === null ? undefined : true}>
            Cancel
          </Button>
          <Button variant="filled" disabled={!mayUse} loading={accepting} onClick={accept}>
            Use these recipes
          </Button>
        </>
      }
    >
      {source ? (
        <InUse source={source} />
      ) : (
        <Address looking={looking} onChange={work.forget} onCheck={(url, ref) => void work.look({ url, ref })} />
      )}
      <div role="status" className="hide-empty">
        {looking && (
          <span className="row text-secondary">
            <Loader size={14} aria-hidden /> Fetching the newest commit
          </span>
        )}
        {review && <Review review={review} />}
      </div>
      {failure && (
        <ErrorNote
          {...failure}
          alert
          action={id !== null && <LinkButton onClick={() => void work.look({ id })}>Try again</LinkButton>}
        />
      )}
    </Dialog>
  );
}
