import { Button, Skeleton } from '@mantine/core';
import { ErrorNote } from '../../../components/error-note.tsx';
import { LinkButton } from '../../../components/link-button.tsx';
import { SectionHead } from '../section-head.tsx';
import settings from '../settings.module.css';
import css from './audit.module.css';
import { AuditFilters } from './audit-filters.tsx';
import { useAuditView, wholeLog } from './audit-store.ts';
import { AuditTable } from './audit-table.tsx';
import { type AuditLog, useAuditLog } from './use-audit-log.ts';

const number = new Intl.NumberFormat('en-GB');

function Loading() {
  return (
    <div className={`${settings.card} ${css.loading}`} role="status" aria-label="Reading the audit log">
      {['60%', '44%', '70%', '52%'].map((width) => (
        <Skeleton key={width} height={12} width={width} />
      ))}
    </div>
  );
}

function NoCall({ isFiltered }: { isFiltered: boolean }) {
  return (
    <div className={css.empty}>
      <div className="medium">{isFiltered ? 'No call matches' : 'No call yet'}</div>
      <div className="text-sm text-tertiary">
        {isFiltered
          ? 'None of the calls that are kept has all of this.'
          : 'What programs with a token call, and what you change, is listed here.'}
      </div>
      {isFiltered && <Button onClick={() => useAuditView.setState({ view: wholeLog })}>Clear filters</Button>}
    </div>
  );
}

function Foot({ log }: { log: AuditLog }) {
  if (!log.loaded) return null;
  const { entries, total, next } = log.loaded;
  return (
    <div className={css.foot}>
      <span role="status">
        {number.format(entries.length)} of {number.format(Math.max(total, entries.length))} calls, kept for 90 days
      </span>
      <span className="grow" />
      {next !== null && (
        <LinkButton disabled={log.isLoading} onClick={log.loadEarlier}>
          {log.isLoading ? 'Reading' : 'Show earlier'}
        </LinkButton>
      )}
    </div>
  );
}

function Calls({ log }: { log: AuditLog }) {
  const view = useAuditView((state) => state.view);
  if (!log.loaded) return log.error ? null : <Loading />;
  const isFiltered = Object.entries(wholeLog).some(([name, value]) => view[name as keyof typeof view] !== value);
  return (
    <div className={settings.card} aria-busy={log.isLoading}>
      {log.newer > 0 && (
        <div className={css.newer}>
          <LinkButton onClick={log.reload}>
            Show {number.format(log.newer)} newer {log.newer === 1 ? 'call' : 'calls'}
          </LinkButton>
        </div>
      )}
      {log.loaded.entries.length === 0 ? (
        <NoCall isFiltered={isFiltered} />
      ) : (
        <>
          <AuditTable entries={log.loaded.entries} />
          <Foot log={log} />
        </>
      )}
    </div>
  );
}

export function AuditSection() {
  const view = useAuditView((state) => state.view);
  const log = useAuditLog(view);
  return (
    <>
      <SectionHead title="Audit log" note="Calls of tokens, and what you changed">
        <AuditFilters view={view} />
      </SectionHead>
      {log.error && (
        <div className={css.error}>
          <ErrorNote
            error={log.error}
            title="The log was not read"
            alert
            action={<LinkButton onClick={log.reload}>Try now</LinkButton>}
          />
        </div>
      )}
      <Calls log={log} />
    </>
  );
}
