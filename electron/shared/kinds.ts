import { z } from 'zod';

export const launcherNames = ['login', 'slurm', 'htcondor', 'gridengine', 'pbs', 'lsf'] as const;
export const launcherNameSchema = z.enum(launcherNames);
export type LauncherName = z.infer<typeof launcherNameSchema>;

/** Written from their manuals and not yet run against a real one; the UI and the docs say so. */
export const unprovenLaunchers: readonly LauncherName[] = ['pbs', 'lsf'];

/** What wraps an app's command. `apptainer` is also its older name, `singularity`. */
export const runtimeNames = ['native', 'apptainer', 'podman', 'docker'] as const;
export const runtimeNameSchema = z.enum(runtimeNames);
export type RuntimeName = z.infer<typeof runtimeNameSchema>;

/** From the most private on, which is also the order in which they are tried. */
export const routeKinds = ['socket', 'node', 'relay', 'port'] as const;
export const routeKindSchema = z.enum(routeKinds);
export type RouteKind = z.infer<typeof routeKindSchema>;
