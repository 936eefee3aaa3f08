import { AppError } from '../electron/shared/errors.ts';
import { type FolderStart, folderKindNames, type Inspection, type Recognition } from '../electron/shared/folders.ts';
import { message } from '../electron/shared/messages.ts';
import { UsageError } from './usage-error.ts';

export interface GivenStart {
  /** A line of the user's own. */
  start?: string;
  listen?: FolderStart['listen'];
  /** One of `numbered`, from 1. */
  candidate?: number;
}

/** Every way to start the folder, the likeliest first; those without a line are none. */
export const numbered = ({ recognition, candidates }: Pick<Inspection, 'recognition' | 'candidates'>): Recognition[] =>
  [recognition, ...candidates].filter(({ line }) => line !== '');

/** Whether somebody has to choose: what the folder is, is only a guess, and nothing was said or saved. */
export const isInDoubt = (seen: Inspection, given: GivenStart, saved: FolderStart | undefined): boolean =>
  saved === undefined &&
  given.start === undefined &&
  given.candidate === undefined &&
  seen.recognition.confidence === 'guess' &&
  numbered(seen).length > 1;

/**
 * How a folder is started: as was said on the command line, else as it was saved before, else as it was recognised. What must
 * be installed follows from the files as they are now.
 * @throws UsageError `bad-input` for a number that no candidate has, AppError for a folder that nobody knows how to start
 */
export function chooseStart(seen: Inspection, given: GivenStart, saved: FolderStart | undefined): FolderStart {
  const all = numbered(seen);
  const chosen = given.candidate === undefined ? undefined : all[given.candidate - 1];
  if (given.candidate !== undefined && !chosen) {
    throw new UsageError(message`There is no candidate ${{ number: given.candidate }}.`, {
      hint: message`Choose from 1 to ${{ count: all.length }}: tunel folder look DIR shows them.`,
    });
  }
  const base = chosen ?? (saved ? { ...saved, environment: seen.recognition.environment } : seen.recognition);
  const line = given.start ?? base.line;
  if (line.trim() === '') {
    throw new AppError('bad-input', message`${{ why: seen.recognition.why.join(' ') }}`, {
      hint:
        all.length === 0
          ? 'A line that starts it: --start LINE.'
          : message`Choose one of the ${{ count: all.length }} candidates with --candidate, or write --start LINE.`,
    });
  }
  const { kind, environment, rescale } = base;
  return { kind, line, environment, listen: given.listen ?? base.listen, ...(rescale ? { rescale } : {}) };
}

/** A line for each candidate, with its number. */
export const describeCandidates = (seen: Pick<Inspection, 'recognition' | 'candidates'>): string[] =>
  numbered(seen).map(
    ({ kind, line, why }, index) => `${index + 1}  ${line}\n       ${folderKindNames[kind]}: ${why.join('; ')}`,
  );
