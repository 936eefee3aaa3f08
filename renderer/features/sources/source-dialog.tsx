import { Button, Checkbox, Loader } from '@mantine/core';
import { IconGitBranch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Source } from '../../../electron/shared/sources.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { useStore } from '../../store.ts';
import { count } from '../../text/size.ts';
import { ui } from '../../ui-store.ts';
import { newErrors } from './review-policy.ts';
import { SourceAddressForm } from './source-address-form.tsx';
import css from './source-dialog.module.css';
import { Review } from './source-review.tsx';
import { useReview } from './use-review.ts';

function InUse({ source }: { source: Source }) {
  return (
    <p className={`${css.inUse} text-sm text-secondary`}>
      <code className="mono">{source.url}</code>
      {source.ref ? ', ' : ', its own default branch'}
      {source.ref && <code className="mono">{source.ref}</code>}
    </p>
  );
}

/** What the user agreed to: recipes with errors are used only after the errors were read. */
function useConsent(review: ReturnType<typeof useReview>['review']) {
  const [agreedKey, setAgreedKey] = useState<string | null>(null);
  const isNew = review !== null && review.commit !== review.before;
  const errors = isNew ? newErrors(review) : 0;
  const isAgreed = agreedKey === review?.key;
  return {
    errors,
    isAgreed,
    setAgreed: (isAgreedNow: boolean) => setAgreedKey(isAgreedNow ? (review?.key ?? null) : null),
    mayUse: isNew && (errors === 0 || isAgreed),
  };
}

function DialogFooter(props: {
  consent: ReturnType<typeof useConsent>;
  isUpdate: boolean;
  isAccepting: boolean;
  onAccept: () => void;
}) {
  const { errors, isAgreed, setAgreed, mayUse } = props.consent;
  return (
    <>
      <span className="grow">
        {errors > 0 && (
          <Checkbox
            label={`I have read the ${count(errors, 'error')}`}
            checked={isAgreed}
            onChange={(event) => setAgreed(event.currentTarget.checked)}
          />
        )}
      </span>
      <Button onClick={ui.closeDialog} data-autofocus={props.isUpdate || undefined}>
        Cancel
      </Button>
      <Button variant="filled" disabled={!mayUse} loading={props.isAccepting} onClick={props.onAccept}>
        Use these recipes
      </Button>
    </>
  );
}

/** Looks at a repository of recipes and uses it. `id`: the newest commit of one that is used already. */
export function SourceDialog({ id }: { id: string | null }) {
  const source = useStore((state) => state.sources.find((entry) => entry.id === id));
  const work = useReview();
  const { review, failure, looking, accepting } = work;
  const consent = useConsent(review);

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
      footer={<DialogFooter consent={consent} isUpdate={id !== null} isAccepting={accepting} onAccept={accept} />}
    >
      {source ? (
        <InUse source={source} />
      ) : (
        <SourceAddressForm
          isChecking={looking}
          onChange={work.forget}
          onCheck={(url, ref) => void work.look({ url, ref })}
        />
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
