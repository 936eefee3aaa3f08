export function ViewScreen(_props: Record<string, unknown>) {
  return null;
}
