/** Name of an archive entry in the runtime, or undefined for what belongs to the app it was taken from. */
export function runtimeName(entry: string): string | undefined;
