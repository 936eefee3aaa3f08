import {
  IconAlertTriangle,
  IconBrandPython,
  IconFile,
  IconFileCode,
  IconFileDatabase,
  IconFileSymlink,
  IconFileText,
  IconFileUnknown,
  IconFileZip,
  IconFolder,
  IconFolderSymlink,
  IconLinkOff,
  IconPhoto,
  IconTable,
  type TablerIcon,
} from '@tabler/icons-react';
import { hasOddBytes } from '../../../electron/shared/file-names.ts';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { stroke } from '../../components/icons.tsx';

const byExtension: readonly [RegExp, TablerIcon][] = [
  [/\.(png|jpe?g|gif|webp|bmp|svg|tiff?)$/i, IconPhoto],
  [/\.(csv|tsv|refl|xlsx?|parquet)$/i, IconTable],
  [/\.(h5|hdf5?|nc|nxs|cdf|sqlite|db)$/i, IconFileDatabase],
  [/\.py$/i, IconBrandPython],
  [/\.(zip|gz|tgz|xz|bz2|zst|tar|7z)$/i, IconFileZip],
  [/\.(sh|bash|r|jl|c|cc|cpp|h|hpp|f90|f|js|ts|json|ya?ml|toml|xml|html|css|ipynb)$/i, IconFileCode],
  [/\.(txt|log|out|err|md|rst|dat|mon|par|slurm)$/i, IconFileText],
];

function iconOf({ kind, link, name, target }: FileEntry): TablerIcon {
  if (hasOddBytes(name)) return IconAlertTriangle;
  if (kind === 'folder') return link ? IconFolderSymlink : IconFolder;
  if (kind === 'other') return link || target !== null ? IconLinkOff : IconFileUnknown;
  if (link) return IconFileSymlink;
  return byExtension.find(([pattern]) => pattern.test(name))?.[1] ?? IconFile;
}

export function FileIcon({ entry, className }: { entry: FileEntry; className?: string }) {
  const Shown = iconOf(entry);
  return <Shown size={16} stroke={stroke} className={className} aria-hidden />;
}
