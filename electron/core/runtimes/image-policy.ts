import { createHash } from 'node:crypto';
import { type ContainerRuntime, type Image, imageText, readImage } from '../../shared/image-policy.ts';
import { launchError } from '../../shared/launch-problems.ts';

/**
 * Reads an image as recipes and users write it; `home` replaces `~`.
 * @throws AppError `bad-input` for what is neither a path there nor a registry name
 */
export function parseImage(text: string, home: string): Image {
  const image = readImage(text, home);
  if (image) return image;
  throw launchError({ code: 'image-invalid', field: 'image', values: { image: text } });
}

/** As docker does: a registry on the login node itself is used without TLS. */
export function isLoopbackRegistry(image: Image): boolean {
  return image.kind === 'registry' && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?\//.test(image.name);
}

/** The folder of one image in the cache: what is kept differs by runtime. */
export function cacheKey(runtime: ContainerRuntime, image: Image): string {
  const text = `${runtime === 'apptainer' ? 'sif' : 'oci'} ${imageText(image)}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
