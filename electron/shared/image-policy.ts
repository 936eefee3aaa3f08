import type { RuntimeName } from './kinds.ts';

export type ContainerRuntime = Exclude<RuntimeName, 'native'>;

/**
 * Where a container comes from. `sif`: Apptainer's own file, or a directory that holds a root file system. `archive`: what
 * `docker save` or `podman save` wrote. `registry`: `name` is whole (`docker.io/library/python:3`), `scheme` says which
 * kind of registry.
 */
export type Image =
  | { kind: 'sif' | 'archive'; path: string }
  | { kind: 'registry'; scheme: 'docker' | 'oras' | 'library'; name: string };

const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const registryName = new RegExp(
  `^(?:(?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+\\])(?::\\d{1,5})?/)?${component}(?:/${component})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);

/** Reads an image as recipes and users write it; `home` replaces `~`. Null: neither a path nor a registry name. */
export function readImage(text: string, home: string): Image | null {
  const word = text.trim();
  if (word.startsWith('/') || word.startsWith('~/')) {
    const path = word.startsWith('~/') ? `${home}/${word.slice(2)}` : word;
    return { kind: /\.tar(\.(gz|bz2|xz|zst))?$/i.test(path) ? 'archive' : 'sif', path };
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//.exec(word)?.[1] ?? 'docker';
  const name = word.replace(/^[a-z][a-z0-9+.-]*:\/\//, '');
  if ((scheme === 'docker' || scheme === 'oras' || scheme === 'library') && registryName.test(name)) {
    return { kind: 'registry', scheme, name: scheme === 'docker' ? completeName(name) : name };
  }
  return null;
}

/** Docker's own rules: no host means Docker Hub, a single component there means `library/`, no tag means `latest`. */
function completeName(name: string): string {
  const [first = '', ...rest] = name.split('/');
  const hasHost = rest.length > 0 && (/[.:[]/.test(first) || first === 'localhost');
  const hub = rest.length > 0 ? `docker.io/${name}` : `docker.io/library/${name}`;
  const whole = hasHost ? name : hub;
  return /@|:[^/]*$/.test(whole) ? whole : `${whole}:latest`;
}

/** As the user would write it. */
export function imageText(image: Image): string {
  if (image.kind !== 'registry') return image.path;
  return image.scheme === 'docker' ? image.name : `${image.scheme}://${image.name}`;
}

/** Docker and Podman know neither SIF files nor Apptainer's own registries. */
export function canRun(runtime: ContainerRuntime, image: Image): boolean {
  if (runtime === 'apptainer') return true;
  return image.kind === 'archive' || (image.kind === 'registry' && image.scheme === 'docker');
}
