/** The text of a module with the types of these JSON Schemas, by their names. */
export function typesModule(named: Record<string, object>): string;
