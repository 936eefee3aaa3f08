import type { BuildOptions } from 'esbuild';

export function bundleSdk(shared: BuildOptions, requireBanner: string, target?: string): Promise<void>;
