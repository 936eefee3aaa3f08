import type { FolderKind, Recognition } from '../../shared/folders.ts';
import type { FolderLook } from './folder-look.ts';

/** Dependency files of a kind of app; one that has none needs nothing installed. */
export function environmentOf(look: FolderLook, kind: FolderKind): Recognition['environment'] {
  const there = (...files: string[]) => files.filter((file) => look.names.includes(file));
  const none = { kind: 'none' as const, files: [] };
  // Its launch.sh installs what it wants.
  if (kind === 'rescale' || (kind === 'static' && !isBuilt(look))) return none;
  if (kind === 'node' || kind === 'static') {
    return { kind: 'npm', files: there('package.json', 'package-lock.json', 'npm-shrinkwrap.json') };
  }
  if (kind === 'shiny' || kind === 'plumber') {
    const files = there('renv.lock');
    return files.length > 0 ? { kind: 'renv', files } : none;
  }
  const requirements = there('requirements.txt');
  if (requirements.length > 0) return { kind: 'venv', files: requirements };
  const conda = there('environment.yml', 'environment.yaml');
  if (conda.length > 0) return { kind: 'conda', files: conda };
  const project = there('pyproject.toml', 'uv.lock', 'poetry.lock');
  // Many hold nothing but settings of tools.
  return /^\[(project|build-system)\]/m.test(look.heads.get('pyproject.toml') ?? '')
    ? { kind: 'venv', files: project }
    : none;
}

/** Whether a list of Python packages names one. */
export const wants = ({ heads }: FolderLook, name: string): boolean =>
  ['requirements.txt', 'pyproject.toml', 'environment.yml', 'environment.yaml'].some((file) =>
    new RegExp(`^[\\s"'-]*${name}\\b`, 'im').test(heads.get(file) ?? ''),
  );

interface Manifest {
  main: string;
  scripts: Record<string, string>;
  packages: string[];
}

/** `package.json`; null: there is none, or it is no JSON, of which npm will say more. */
export function readManifest({ heads }: FolderLook): Manifest | null {
  const text = heads.get('package.json');
  if (text === undefined) return null;
  try {
    const value: unknown = JSON.parse(text);
    const texts = (name: string) =>
      Object.entries(Object(field(value, name))).map(([key, each]) => [key, String(each)]);
    const main = field(value, 'main');
    return {
      main: typeof main === 'string' ? main.replace(/^\.\//, '') : '',
      scripts: Object.fromEntries(texts('scripts')),
      packages: [...texts('dependencies'), ...texts('devDependencies')].map(([name = '']) => name),
    };
  } catch {
    return null;
  }
}

const builders = ['vite', 'react-scripts', '@angular/cli', '@vue/cli-service', 'parcel', 'astro'];

/** The tool that makes a folder's pages; empty: they are as they are. */
export function builderOf(look: FolderLook): string {
  const manifest = readManifest(look);
  if (!manifest?.scripts.build) return '';
  return builders.find((name) => manifest.packages.includes(name)) ?? '';
}

const isBuilt = (look: FolderLook): boolean => builderOf(look) !== '';

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
