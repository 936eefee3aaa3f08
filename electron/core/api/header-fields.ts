import type { Resource } from './resources.ts';

/** Whether it gives or takes a file, with its conditions; otherwise plain bytes such as an archive. */
export const isFile = (resource: Resource): boolean =>
  resource.kind === 'stream' && resource.definition.media === undefined;

/** Fields of the input that headers say: Range, conditions and Content-Length. */
export const headerFields = (resource: Resource): readonly string[] =>
  isFile(resource) ? ['offset', 'length', 'stat', 'size', 'ifVersion'] : [];
