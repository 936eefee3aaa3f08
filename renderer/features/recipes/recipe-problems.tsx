import { useState } from 'react';
import { LinkButton } from '../../components/link-button.tsx';
import { Note } from '../../components/note.tsx';
import surface from '../../components/surface.module.css';
import { Tag } from '../../components/tag.tsx';
import { useStore } from '../../store.ts';
import { count } from '../../text/size.ts';

/** Recipes that cannot be read, with what is wrong and where. */
export function RecipeProblems() {
  const problems = useStore((state) => state.recipes.problems);
  const [open, setOpen] = useState(false);
  if (problems.length === 0) return null;
  return (
    <div style={{ marginBlockEnd: 12 }}>
      <Note
        tone="wait"
        action={
          <LinkButton aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide' : 'Show'}
          </LinkButton>
        }
      >
        <strong className="bold">{count(problems.length, 'mistake')} in recipes.</strong> What cannot be read is left
        out of the list.
      </Note>
      {open && (
        <ul className={surface.well} style={{ marginBlockStart: 8 }}>
          {problems.map((problem) => (
            <li
              key={`${problem.file}:${problem.line}:${problem.field}:${problem.message}`}
              style={{ padding: '4px 0' }}
            >
              <span className="mono">
                {problem.file}
                {problem.line === null ? '' : `:${problem.line}`}
              </span>
              {problem.field && (
                <>
                  {' '}
                  <Tag>{problem.field}</Tag>
                </>
              )}
              <div className="text-secondary">{problem.message}</div>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
