import { useCallback } from 'react';
import { count } from '../../../text/size.ts';
import { DataTable } from '../data-table.tsx';
import type { FormatProps } from '../format-props.ts';
import css from '../preview.module.css';
import { NotRead, Reading } from '../reading.tsx';
import { useAnswer } from '../use-answer.ts';
import type { ReaderWorker } from '../worker/reader-worker.ts';
import { useReader } from '../worker/use-reader.ts';
import type { ParquetColumn, ParquetQuestions, ParquetTable } from './parquet-reader.ts';

const start = () => new Worker(new URL('./parquet-worker.ts', import.meta.url), { type: 'module' });

const Head = ({ name, type }: ParquetColumn) => (
  <>
    {name} <span className="text-tertiary">{type}</span>
  </>
);

function Missing({ columns }: { columns: readonly ParquetColumn[] }) {
  const missing = columns.filter(({ why }) => why !== '');
  const reasons = [...new Set(missing.map(({ why }) => why))];
  return reasons.map((why) => (
    <p key={why} className={css.remark}>
      {missing
        .filter((column) => column.why === why)
        .slice(0, 10)
        .map(({ name }) => name)
        .join(', ')}
      {': '}
      {why}
    </p>
  ));
}

function Table({ table }: { table: ParquetTable }) {
  const { columns, values, rows, columnsLeft } = table;
  const length = Math.max(0, ...values.map((column) => column.length));
  const shown = Array.from({ length }, (_, row) => values.map((column) => column[row] ?? ''));
  const first = length < rows && length > 0 ? ` The first ${length} are shown.` : '';
  const left = columnsLeft > 0 ? ` ${count(columnsLeft, 'more column')} not shown.` : '';
  return (
    <>
      <DataTable
        label="First rows"
        head={columns.map((column) => <Head key={column.name} {...column} />)}
        rows={shown}
      />
      <Missing columns={columns} />
      <p className={css.remark}>
        {count(rows, 'row')}, {count(columns.length + columnsLeft, 'column')}, {count(table.rowGroups, 'row group')}.
        {first}
        {left}
      </p>
    </>
  );
}

function Answered({ reader }: { reader: ReaderWorker<ParquetQuestions> }) {
  const answer = useAnswer(useCallback(() => reader.ask('table', undefined), [reader]));
  if (answer.kind === 'loading') return <Reading />;
  return answer.kind === 'failed' ? <NotRead error={answer.error} /> : <Table table={answer.value} />;
}

/** The schema and the first rows of a Parquet file. */
export default function ParquetView(props: FormatProps) {
  const reader = useReader<ParquetQuestions>(start, props);
  return reader ? <Answered reader={reader} /> : <Reading />;
}
