import { rename, rm, writeFile } from 'node:fs/promises';
import type { AuditFilter } from '../shared/audit.ts';
import type { RequestInput, RequestOutput } from '../shared/contract/index.ts';
import { AppError } from '../shared/errors.ts';
import { message } from '../shared/messages.ts';
import { type AuditFormat, auditFormats } from './audit-file-policy.ts';

export type AuditQuery = (
  query: RequestInput<'audit.query'>,
  signal: AbortSignal,
) => Promise<RequestOutput<'audit.query'>>;

/** Calls in one question to the engine. */
const PAGE = 500;

interface Export {
  path: string;
  format: AuditFormat;
  filter: AuditFilter;
  query: AuditQuery;
  signal: AbortSignal;
}

/** Writes the calls page by page, and gives the file its name when it is whole. Resolves with the number of calls. */
export async function exportAudit({ path, format, filter, query, signal }: Export): Promise<number> {
  const { head, tail, call } = auditFormats[format];
  const partial = `${path}.${process.pid}.part`;
  let calls = 0;
  async function* text(): AsyncGenerator<string> {
    yield head;
    for (let cursor: number | null | undefined; cursor !== null; ) {
      const page = await query({ ...filter, limit: PAGE, ...(cursor !== undefined && { cursor }) }, signal);
      for (const entry of page.entries) {
        yield call(entry, calls);
        calls += 1;
      }
      cursor = page.next;
    }
    yield tail;
  }
  try {
    await writeFile(partial, text(), { signal, mode: 0o600 });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    if (signal.aborted) throw AppError.from(signal.reason);
    if (error instanceof AppError) throw error;
    throw new AppError('internal', message`The file ${{ path }} could not be written.`, {
      hint: 'Choose another folder.',
      detail: String(error),
      cause: error,
    });
  }
  return calls;
}
