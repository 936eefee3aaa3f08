export function pythonModules(): Promise<Record<string, string>>;
