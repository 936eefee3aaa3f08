/** One thing a recipe's author should look at. */
export interface Finding {
  /** `error`: it lets others in, or does not run. `warning`: it may. */
  level: 'error' | 'warning';
  /** Short name of the rule, e.g. `all-interfaces`, or `SC2086` of shellcheck. */
  rule: string;
  file: string;
  /** null: it is about the file as a whole. */
  line: number | null;
  message: string;
  hint: string;
}
