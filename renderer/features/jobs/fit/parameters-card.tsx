import { IconCopy } from '@tabler/icons-react';
import { attempt } from '../../../attempt.ts';
import { invoke } from '../../../bridge.ts';
import { IconButton } from '../../../components/icon-button.tsx';
import surface from '../../../components/surface.module.css';
import { count } from '../../../text/size.ts';
import css from './fit.module.css';
import { type FitParameter, isNearBound } from './fit-progress.ts';
import { formatValue } from './format-fit.ts';

const toText = (parameters: readonly FitParameter[]): string =>
  [
    'name\tvalue\tfrom\tto',
    ...parameters.map(({ name, value, low, high }) => [name, value, low, high].join('\t')),
  ].join('\n');

function Range({ parameter }: { parameter: FitParameter }) {
  const { value, low, high } = parameter;
  const share = (value - low) / (high - low);
  if (!Number.isFinite(share)) return null;
  const percent = Math.min(100, Math.max(0, share * 100));
  return (
    <span className={css.range} title={isNearBound(parameter) ? 'Near its bound' : undefined}>
      <i className={isNearBound(parameter) ? css.near : undefined} style={{ insetInlineStart: `${percent}%` }} />
    </span>
  );
}

/** The parameters as the fit printed them last, each in its range. */
export function ParametersCard({ parameters }: { parameters: readonly FitParameter[] }) {
  const near = parameters.filter(isNearBound).length;
  const facts = [count(parameters.length, 'parameter'), near > 0 && `${near} near a bound`].filter(Boolean).join(', ');
  const copy = () => attempt('The table was not copied', invoke('desktop.copy', { text: toText(parameters) }));
  return (
    <section className={surface.card} aria-label="Parameters">
      <div className={css.head}>
        <h2>Parameters</h2>
        <span className="text-sm text-tertiary grow">{facts}</span>
        <IconButton icon={IconCopy} label="Copy the table" size={26} onClick={copy} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div className={css.scroll} tabIndex={0}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Value</th>
              <th scope="col">From</th>
              <th scope="col" className={css.bar}>
                Range
              </th>
              <th scope="col">To</th>
            </tr>
          </thead>
          <tbody>
            {parameters.map((parameter) => (
              <tr key={parameter.name}>
                <th scope="row">
                  {parameter.name}
                  {isNearBound(parameter) && <span className="visually-hidden">, near its bound</span>}
                </th>
                <td>{formatValue(parameter.value)}</td>
                <td>{formatValue(parameter.low)}</td>
                <td>
                  <Range parameter={parameter} />
                </td>
                <td>{formatValue(parameter.high)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
