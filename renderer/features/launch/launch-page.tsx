export function LaunchPage(_props: Record<string, unknown>) {
  return null;
}
