import { AppError, errorCodes, type SerializedError } from '../shared/errors.ts';

/** The error of an answer that is a problem document; `internal` for any other text. */
export function reviveProblem(text: string): AppError {
  const problem = parseJson(text);
  if (isSerializedError(problem)) return AppError.revive(problem);
  return new AppError('internal', 'The engine gave an answer that is none of its own.', { detail: text.slice(0, 500) });
}

/** By hand, since every command would load zod for it. The engine of this version wrote the rest by its schema. */
function isSerializedError(value: unknown): value is SerializedError {
  if (typeof value !== 'object' || value === null || !('code' in value) || !('message' in value)) return false;
  return errorCodes.some((code) => code === value.code) && typeof value.message === 'string';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
