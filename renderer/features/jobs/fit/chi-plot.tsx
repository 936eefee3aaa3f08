import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import css from './fit.module.css';
import type { FitPoint } from './fit-progress.ts';
import { formatStep, formatValue } from './format-fit.ts';
import { nearestPoint, type ScaleKind, stepScale, valueScale } from './plot-scale.ts';

const HEIGHT = 200;
const edge = { left: 44, right: 12, top: 10, bottom: 24 };

interface Props {
  points: readonly FitPoint[];
  /** Where the axis ends; null: at the last step. */
  total: number | null;
  kind: ScaleKind;
}

/** Pixels of a plot of this width. */
function layOut({ points, total, kind }: Props, width: number) {
  const steps = stepScale(Math.max(total ?? 0, points.at(-1)?.step ?? 0));
  const values = valueScale(points, kind);
  const inner = { width: Math.max(width - edge.left - edge.right, 1), height: HEIGHT - edge.top - edge.bottom };
  const x = (step: number) => edge.left + steps.at(step) * inner.width;
  const y = (value: number) => edge.top + (1 - values.at(value)) * inner.height;
  const stepAt = (pixel: number) => ((pixel - edge.left) / inner.width) * (total ?? points.at(-1)?.step ?? 1);
  return { steps, values, x, y, stepAt };
}

/** Where a label stands to its mark, so that it is not cut at the edges. */
function anchorOf(x: number, width: number): 'start' | 'middle' | 'end' {
  if (x <= edge.left) return 'start';
  return x > width - edge.right - 16 ? 'end' : 'middle';
}

function Axes({ plot, width }: { plot: ReturnType<typeof layOut>; width: number }) {
  return (
    <g className={css.axes}>
      {plot.values.ticks.map((value) => (
        <g key={value}>
          <line x1={edge.left} x2={width - edge.right} y1={plot.y(value)} y2={plot.y(value)} />
          <text x={edge.left - 8} y={plot.y(value) + 4} textAnchor="end">
            {formatValue(value)}
          </text>
        </g>
      ))}
      {plot.steps.ticks.map((step, index) => (
        <text key={step} x={plot.x(step)} y={HEIGHT - 6} textAnchor={anchorOf(plot.x(step), width)}>
          {index === 0 ? 'step 0' : formatStep(step)}
        </text>
      ))}
    </g>
  );
}

const keySteps: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  PageDown: (at, last) => at - Math.ceil(last / 10),
  PageUp: (at, last) => at + Math.ceil(last / 10),
  Home: () => 0,
  End: (_, last) => last,
};

/** Chi-squared by steps. The value under the pointer is shown; arrow keys go from point to point. */
export function ChiPlot(props: Props) {
  const { points } = props;
  const { ref, width } = useElementSize<HTMLDivElement>();
  const [chosen, setChosen] = useState<number | null>(null);
  const last = points.length - 1;
  const at = Math.min(chosen ?? last, last);
  const point = points[at];
  const plot = layOut(props, width);
  const line = points.map(({ step, value }) => `${plot.x(step).toFixed(1)},${plot.y(value).toFixed(1)}`).join(' ');
  const onKey = (event: KeyboardEvent) => {
    const move = keySteps[event.key];
    if (!move) return;
    event.preventDefault();
    setChosen(Math.min(last, Math.max(0, move(at, last))));
  };
  const onPointer = (event: PointerEvent) => {
    const left = event.currentTarget.getBoundingClientRect().left;
    setChosen(nearestPoint(points, plot.stepAt(event.clientX - left)));
  };
  if (!point) return null;
  const text = `step ${formatStep(point.step)}, chi-squared ${formatValue(point.value)}`;
  return (
    <div
      ref={ref}
      className={css.plot}
      role="slider"
      tabIndex={0}
      aria-label="Chi-squared by step"
      aria-valuemin={points[0]?.step ?? 0}
      aria-valuemax={points[last]?.step ?? 0}
      aria-valuenow={point.step}
      aria-valuetext={text}
      onKeyDown={onKey}
      onPointerMove={onPointer}
      onPointerLeave={() => setChosen(null)}
      onBlur={() => setChosen(null)}
    >
      {width > 0 && (
        <svg width={width} height={HEIGHT} aria-hidden="true">
          <Axes plot={plot} width={width} />
          <line
            className={css.now}
            x1={plot.x(point.step)}
            x2={plot.x(point.step)}
            y1={edge.top}
            y2={HEIGHT - edge.bottom}
          />
          <polyline className={css.curve} points={line} />
          <circle className={css.dot} cx={plot.x(point.step)} cy={plot.y(point.value)} r={3.5} />
        </svg>
      )}
      <p className={`${css.reading} text-sm text-tertiary tabular`}>{chosen === null ? '' : text}</p>
    </div>
  );
}
