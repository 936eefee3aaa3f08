type KeysOf<T> = T extends unknown ? keyof T : never;
type ValueOf<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never;

/** What was given, with `never` in place of each field that is not wanted, in nested objects, too. */
export type Exact<Given, Wanted> = Given extends object
  ? Given extends readonly (infer Element)[]
    ? readonly Exact<Element, Wanted extends readonly (infer Each)[] ? Each : never>[]
    : { [K in keyof Given]: K extends KeysOf<Wanted> ? Exact<Given[K], ValueOf<Wanted, K>> : never }
  : Given;
