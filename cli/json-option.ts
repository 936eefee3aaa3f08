/** `--json` of a command. */
export interface JsonOption {
  json?: boolean;
}
