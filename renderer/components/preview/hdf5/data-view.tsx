import { IconChevronDown, IconChevronRight, IconFolder, IconLink, IconTable } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import type { FormatProps } from '../format-props.ts';
import { NotRead, Reading } from '../reading.tsx';
import { useAnswer } from '../use-answer.ts';
import type { ReaderWorker } from '../worker/reader-worker.ts';
import { useReader } from '../worker/use-reader.ts';
import { DataObjectView } from './data-object.tsx';
import type { DataQuestions, DataTreeEntry } from './data-tree.ts';
import css from './data-view.module.css';

const start = () => new Worker(new URL('./hdf5-worker.ts', import.meta.url), { type: 'module' });

interface TreeProps {
  reader: ReaderWorker<DataQuestions>;
  selected: string;
  onSelect: (path: string) => void;
}

const icons = { group: IconFolder, dataset: IconTable, type: IconTable, link: IconLink };

function Entry({ entry, ...tree }: TreeProps & { entry: DataTreeEntry }) {
  const [isOpen, setOpen] = useState(false);
  const isGroup = entry.kind === 'group';
  const Icon = icons[entry.kind];
  const Arrow = isOpen ? IconChevronDown : IconChevronRight;
  const choose = () => {
    if (isGroup) setOpen(!isOpen);
    if (entry.kind !== 'link') tree.onSelect(entry.path);
  };
  return (
    <li>
      <button
        type="button"
        className={css.entry}
        aria-expanded={isGroup ? isOpen : undefined}
        aria-current={entry.path === tree.selected || undefined}
        onClick={choose}
      >
        {isGroup ? <Arrow size={14} aria-hidden /> : <span style={{ inlineSize: 14 }} />}
        <Icon size={14} className="no-shrink" aria-hidden />
        <span className="truncate" title={entry.name}>
          {entry.name}
        </span>
        <span className={`${css.note} truncate`} title={entry.note}>
          {entry.kind === 'link' ? `→ ${entry.note}` : entry.note}
          {entry.shape && entry.shape.length > 0 && ` [${entry.shape.join(' × ')}]`}
        </span>
      </button>
      {isOpen && <Branch {...tree} path={entry.path} />}
    </li>
  );
}

function Branch({ path, ...tree }: TreeProps & { path: string }) {
  const { reader } = tree;
  const answer = useAnswer(useCallback(() => reader.ask('list', path), [reader, path]));
  if (answer.kind === 'loading') return <Reading />;
  if (answer.kind === 'failed') return <NotRead error={answer.error} />;
  const { entries, total } = answer.value;
  return (
    <ul className={css.branch}>
      {entries.map((entry) => (
        <Entry key={entry.path} entry={entry} {...tree} />
      ))}
      {total === 0 && <li className="text-sm text-secondary">Nothing in it.</li>}
      {entries.length < total && (
        <li className="text-sm text-secondary">
          The first {entries.length} of {total} are listed.
        </li>
      )}
    </ul>
  );
}

/** The groups and datasets of an HDF5 or NetCDF-4 file, and what the chosen one holds. */
export default function DataTreeView(props: FormatProps) {
  const reader = useReader<DataQuestions>(start, props);
  const [selected, setSelected] = useState('/');
  if (!reader) return <Reading />;
  return (
    <div className={css.split}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={css.tree} tabIndex={0} aria-label="Groups and datasets">
        <Branch reader={reader} path="/" selected={selected} onSelect={setSelected} />
      </section>
      <DataObjectView key={selected} reader={reader} path={selected} />
    </div>
  );
}
