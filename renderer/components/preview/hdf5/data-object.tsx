import { NumberInput } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import list from '../../definition-list.module.css';
import { DataTable } from '../data-table.tsx';
import { NotRead, Reading } from '../reading.tsx';
import { useAnswer } from '../use-answer.ts';
import type { ReaderWorker } from '../worker/reader-worker.ts';
import { showValue } from '../worker/show-value.ts';
import type { DataObject, DataQuestions, DataSlab } from './data-tree.ts';
import css from './data-view.module.css';
import { type Extent, extentOf, imagePixels, linePoints, reduceImage } from './plot-model.ts';

const range = ({ low, high }: Extent): string => `${showValue(low)} to ${showValue(high)}`;

function Line({ numbers, extent }: { numbers: Float64Array; extent: Extent }) {
  const label = `Line plot of ${numbers.length} values from ${range(extent)}`;
  return (
    <svg className={css.plot} viewBox="0 0 1000 1000" preserveAspectRatio="none" role="img" aria-label={label}>
      <polyline points={linePoints(numbers, extent)} />
    </svg>
  );
}

function Image({ slab, numbers, extent }: { slab: DataSlab; numbers: Float64Array; extent: Extent }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { rows, columns } = slab;
  const drawn = useMemo(() => reduceImage({ numbers, rows, columns }), [numbers, rows, columns]);
  useEffect(() => {
    const image = new ImageData(imagePixels(drawn.numbers, extent), drawn.columns, drawn.rows);
    canvas.current?.getContext('2d')?.putImageData(image, 0, 0);
  }, [drawn, extent]);
  const { blockRows, blockColumns } = drawn;
  const label = `Image of ${rows} × ${columns} values from ${range(extent)}`;
  const size = { width: drawn.columns, height: drawn.rows };
  return (
    <>
      <canvas ref={canvas} className={css.image} {...size} role="img" aria-label={label} />
      {blockRows * blockColumns > 1 && (
        <p className="text-sm text-secondary">
          Each point of the image is the mean of {blockRows} × {blockColumns} values.
        </p>
      )}
    </>
  );
}

function Slab({ slab }: { slab: DataSlab }) {
  const { numbers, rows, columns, cells } = slab;
  const extent = numbers && numbers.length > 1 ? extentOf(numbers) : null;
  const shownColumns = cells[0]?.length ?? 0;
  const isPart = slab.isCut || cells.length < rows || shownColumns < columns;
  return (
    <>
      {numbers && extent && columns === 1 && <Line numbers={numbers} extent={extent} />}
      {numbers && extent && columns > 1 && rows > 1 && <Image slab={slab} numbers={numbers} extent={extent} />}
      <p className="text-sm text-secondary">
        {extent && `${range(extent)}. `}
        {slab.isCut && `The first ${columns === 1 ? rows : `${rows} × ${columns}`} values are read. `}
        {isPart && `The table has the first ${cells.length} × ${shownColumns}.`}
      </p>
      <div className={css.values}>
        <DataTable label="Values" head={[]} rows={cells} />
      </div>
    </>
  );
}

/** Which of the images or lines is shown, where there are more than two dimensions. */
function Position({
  shape,
  at,
  onAt,
}: {
  shape: readonly number[];
  at: readonly number[];
  onAt: (at: number[]) => void;
}) {
  if (shape.length < 3) return null;
  return (
    <div className="row wrap">
      {shape.slice(0, -2).map((length, index) => (
        <NumberInput
          // biome-ignore lint/suspicious/noArrayIndexKey: dimensions of one dataset never move
          key={index}
          size="xs"
          w={110}
          label={`Index ${index + 1} of ${shape.length}`}
          min={0}
          max={length - 1}
          value={at[index] ?? 0}
          onChange={(value) =>
            onAt(shape.slice(0, -2).map((_, each) => (each === index ? Number(value) : (at[each] ?? 0))))
          }
        />
      ))}
    </div>
  );
}

function Attributes({ object }: { object: DataObject }) {
  if (object.attributes.length === 0) return null;
  return (
    <dl className={`${list.list} text-sm`}>
      {object.attributes.map(({ name, value }) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt className="truncate" title={name}>
            {name}
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
      {object.attributesLeft > 0 && <dd>{object.attributesLeft} more attributes are not shown.</dd>}
    </dl>
  );
}

/** A group or dataset: its attributes, and of a dataset its first values. */
export function DataObjectView({ reader, path }: { reader: ReaderWorker<DataQuestions>; path: string }) {
  const [at, setAt] = useState<number[]>([]);
  const answer = useAnswer(useCallback(() => reader.ask('show', { path, at }), [reader, path, at]));
  if (answer.kind === 'loading') return <Reading />;
  if (answer.kind === 'failed') return <NotRead error={answer.error} />;
  const { dataset, slab, why } = answer.value;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={css.details} tabIndex={0} aria-label={`Content of ${path}`}>
      <h3 className="mono">{path}</h3>
      {dataset && (
        <p className="text-sm text-secondary">
          {dataset.shape?.length ? `${dataset.shape.join(' × ')}, ` : ''}
          {dataset.type}, {dataset.storage}
        </p>
      )}
      <Attributes object={answer.value} />
      {dataset?.shape && slab && <Position shape={dataset.shape} at={at} onAt={setAt} />}
      {slab && <Slab slab={slab} />}
      {why !== '' && <p className="text-sm text-secondary">{why}</p>}
    </section>
  );
}
