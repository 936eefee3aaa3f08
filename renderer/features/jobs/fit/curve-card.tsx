import { Loader, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { ErrorNote } from '../../../components/error-note.tsx';
import surface from '../../../components/surface.module.css';
import { useNow } from '../../../components/use-now.ts';
import { formatAgo } from '../../../text/time.ts';
import { ChiPlot } from './chi-plot.tsx';
import css from './fit.module.css';
import { type FitPoint, lastPoint } from './fit-progress.ts';
import { formatStep, formatValue } from './format-fit.ts';
import { evenly } from './plot-scale.ts';
import type { useFitProgress } from './use-fit-progress.ts';

/** Rows of the table that stands for the plot. */
const ROWS = 25;

type View = 'log' | 'linear' | 'table';

function CurveTable({ points }: { points: readonly FitPoint[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div className={css.scroll} tabIndex={0}>
      <table className={css.table} aria-label="Chi-squared by step">
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Chi-squared</th>
          </tr>
        </thead>
        <tbody>
          {evenly(points, ROWS).map(({ step, value }) => (
            <tr key={step}>
              <th scope="row">{formatStep(step)}</th>
              <td>{formatValue(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Props {
  shown: ReturnType<typeof useFitProgress>;
  /** The file that it is read from. */
  file: string;
  isLive: boolean;
}

function Content({ shown, view, isLive }: { shown: Props['shown']; view: View; isLive: boolean }) {
  const { progress, error, isLoading } = shown;
  if (error) return <ErrorNote alert title="Its progress could not be read" error={error.serialize()} />;
  if (progress.points.length > 0) {
    if (view === 'table') return <CurveTable points={progress.points} />;
    return <ChiPlot points={progress.points} total={isLive ? progress.total : null} kind={view} />;
  }
  return (
    <p className="row" role="status">
      {isLoading && <Loader size="sm" />}
      {isLoading ? 'Reading its progress' : isLive ? 'No step is done yet.' : 'No step was done.'}
    </p>
  );
}

/** Chi-squared as it falls. */
export function CurveCard({ shown, file, isLive }: Props) {
  const [view, setView] = useState<View>('log');
  const now = useNow(isLive, 1000);
  const last = lastPoint(shown.progress);
  const when = shown.changedAt === null ? '' : `, updated ${formatAgo(shown.changedAt, now)}`;
  return (
    <section className={surface.card} aria-label="Chi-squared">
      <div className={css.head}>
        <h2>Chi-squared</h2>
        {last && <strong className="tabular">{formatValue(last.value)}</strong>}
        <span className="text-sm text-tertiary grow">{isLive ? `live${when}` : `from ${file}`}</span>
        <SegmentedControl
          aria-label="Show as"
          size="xs"
          value={view}
          onChange={(value) => setView(value as View)}
          data={[
            { value: 'log', label: 'Log' },
            { value: 'linear', label: 'Linear' },
            { value: 'table', label: 'Table' },
          ]}
        />
      </div>
      <div className={view === 'table' ? undefined : css.body}>
        <Content shown={shown} view={view} isLive={isLive} />
      </div>
    </section>
  );
}
