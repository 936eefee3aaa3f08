/** The value of a key from outside: `constructor` and `__proto__` are keys like any other. */
export const ownValue = <V>(record: Readonly<Record<string, V>>, key: string): V | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
