import { CloseButton, Progress } from '@mantine/core';
import css from './files-page.module.css';
import { cancelWork, useWork } from './work.ts';

/** What is being done with files now, which can be cancelled. */
export function WorkList() {
  const list = useWork((state) => state.list);
  if (list.length === 0) return null;
  return (
    <section className={css.works} aria-label="In progress">
      {list.map(({ id, verb, name, done, total }) => (
        <div key={id} className={css.work}>
          <span className="truncate grow">
            {verb} <span className="medium">{name}</span>
          </span>
          {total > 1 && (
            <>
              <Progress
                className={css.progress}
                size={6}
                value={(done / total) * 100}
                aria-label={`${verb}: ${done} of ${total}`}
              />
              <span className="tabular no-shrink">
                {done} of {total}
              </span>
            </>
          )}
          <CloseButton size={26} aria-label={`Cancel: ${verb} ${name}`} onClick={() => cancelWork(id)} />
        </div>
      ))}
    </section>
  );
}
