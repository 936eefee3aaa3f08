import { Box } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { Note } from '../../components/note.tsx';
import { count } from '../../text/size.ts';
import type { LaunchOrigin } from '../../ui-store.ts';

/** Why a form is filled in already, where the user should look before launching. */
export function FilledNote({
  origin,
  recipe,
  errors,
}: {
  origin: LaunchOrigin;
  recipe: RecipeSummary;
  errors: number;
}) {
  if (origin === null) return null;
  if (origin.kind === 'link') {
    return (
      <Box mb={16}>
        <Note tone="wait" icon={IconLink} role="status">
          <strong className="bold">Filled from a link: check before you launch.</strong>{' '}
          {origin.filled.length === 0 ? 'It only names the recipe.' : `It set ${origin.filled.join(', ')}.`} Nothing
          runs until you press Launch.
        </Note>
      </Box>
    );
  }
  if (origin.kind === 'moved') {
    return (
      <Box mb={16}>
        <Note tone="wait" role="status">
          <strong className="bold">The cluster it ran on was removed.</strong> Check where it runs now, then launch it.
        </Note>
      </Box>
    );
  }
  return (
    <Box mb={16}>
      <Note tone={errors > 0 ? 'wait' : 'ok'} role="status">
        {errors > 0 ? (
          <>
            <strong className="bold">What it was launched with no longer fits {recipe.title}.</strong> Fix{' '}
            {count(errors, 'field')}, then launch it.
          </>
        ) : (
          'All values fit again.'
        )}
      </Note>
    </Box>
  );
}
