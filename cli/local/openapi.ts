import { openApiDocument } from '../../electron/core/api/openapi.ts';
import { printJson } from '../output.ts';
import { version } from '../version.ts';

/** Prints what clients of the engine's socket can ask for. */
export function printOpenApi(): void {
  printJson(openApiDocument(version));
}
