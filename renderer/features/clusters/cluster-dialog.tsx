export function ClusterDialog(_props: Record<string, unknown>) {
  return null;
}
