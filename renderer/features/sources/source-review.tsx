import { IconAlertOctagon } from '@tabler/icons-react';
import type { RecipeReview, SourceReview } from '../../../electron/shared/sources.ts';
import bullets from '../../components/bullet-list.module.css';
import code from '../../components/code.module.css';
import { stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import surface from '../../components/surface.module.css';
import { count } from '../../text/size.ts';
import { errorsOf } from './review-policy.ts';

const changes: Record<RecipeReview['change'], string> = {
  new: 'new',
  changed: 'changed',
  same: 'as before',
  removed: 'no longer there',
};

/** Colour repeats what the first character says. */
const lineTone = (line: string): string | undefined =>
  /^(\+\+\+|---) /.test(line) ? 'b' : line.startsWith('+') ? 'tone-ok' : line.startsWith('-') ? 'tone-bad' : undefined;

function Recipe({ recipe, open }: { recipe: RecipeReview; open: boolean }) {
  const { name, title, change, may, findings } = recipe;
  const errors = errorsOf(recipe);
  return (
    <details className={surface.well} open={open}>
      <summary className="row">
        <strong className="bold truncate" title={name}>
          {title}
        </strong>
        <span className="push-end" />
        {errors > 0 && (
          <span className="row gap-4 text-sm tone-bad no-shrink">
            <IconAlertOctagon size={14} stroke={stroke} aria-hidden /> {count(errors, 'error')}
          </span>
        )}
        <span className="text-sm text-secondary no-shrink">{changes[change]}</span>
      </summary>
      <ul className={bullets.list}>
        {may.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {findings.length > 0 && (
        <ul className={bullets.list} aria-label={`Found in ${title}`}>
          {findings.map(({ level, line }) => (
            <li key={line} className={level === 'error' ? 'mono text-xs tone-bad' : 'mono text-xs'}>
              {line}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

/** What recipes of a repository may do, and what changed, before any of them can be launched. */
export function Review({ review }: { review: SourceReview }) {
  const { recipes, problems, before, commit, diff } = review;
  if (before === commit) return <Note tone="ok">Nothing is newer than what is in use.</Note>;
  const shown = recipes.filter(({ change }) => change !== 'same');
  const same = recipes.length - shown.length;
  return (
    <section aria-label="What it may do" className="column" style={{ gap: 12 }}>
      <p className="text-sm text-secondary">
        Commit <code className="mono">{commit.slice(0, 12)}</code>
        {before && (
          <>
            {' '}
            instead of <code className="mono">{before.slice(0, 12)}</code>
          </>
        )}
        . Only this commit will be used, whatever the repository holds later. Nothing of it runs on this computer.
      </p>
      {shown.map((recipe) => (
        <Recipe key={recipe.name} recipe={recipe} open={shown.length <= 3} />
      ))}
      {same > 0 && (
        <p className="text-sm text-secondary">
          {count(same, 'recipe')} {same === 1 ? 'is' : 'are'} as before.
        </p>
      )}
      {problems.length > 0 && (
        <Note tone="wait">
          <strong className="bold">Not used:</strong> {problems.join('; ')}
        </Note>
      )}
      {diff && (
        <details className={surface.well} open>
          <summary className="bold">What changed, line by line</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and only what has the focus scrolls by keys */}
          <pre className={code.code} tabIndex={0}>
            {diff.split('\n').map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place in the text
              <span key={index} className={lineTone(line)}>
                {`${line}\n`}
              </span>
            ))}
          </pre>
        </details>
      )}
    </section>
  );
}
