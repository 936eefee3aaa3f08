export function Prompts(_props: Record<string, unknown>) {
  return null;
}
