import { allowsApi, checkApiAllowed } from '../../shared/api-policy.ts';
import type { Cluster } from '../../shared/clusters.ts';
import type { Scope } from '../../shared/contract/define.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { Token } from '../../shared/tokens.ts';

/** @throws AppError `token-revoked`, `token-expired` */
export function checkTokenAge({ name, revokedAt, expiresAt }: Token, now: number): void {
  const hint = 'Create a new one with: tunel token create';
  if (revokedAt !== null) throw new AppError('token-revoked', message`The token “${{ name }}” was revoked.`, { hint });
  if (expiresAt !== null && expiresAt <= now) {
    throw new AppError('token-expired', message`The token “${{ name }}” has expired.`, { hint });
  }
}

/** @throws AppError `scope-missing`, `not-permitted` for what no token allows */
export function checkScope({ name, scopes }: Token, scope: Scope): void {
  if (scope === 'owner') {
    throw new AppError('not-permitted', "Only the user's own clients may ask this; no token allows it.");
  }
  if (!scopes.includes(scope)) {
    throw new AppError('scope-missing', message`The token “${{ name }}” does not have the scope ${{ scope }}.`, {
      hint: message`It has: ${{ scopes: scopes.join(', ') }}.`,
    });
  }
}

/** @param cluster null: it is not saved @throws AppError `not-permitted`, `api-disabled`, `api-forbidden` */
export function checkCluster(
  { name, clusters }: Token,
  cluster: Pick<Cluster, 'id' | 'name' | 'allowsApi' | 'site'> | null,
): void {
  if (!cluster || (clusters !== null && !clusters.includes(cluster.id))) {
    throw new AppError('not-permitted', message`The token “${{ name }}” is not for this cluster.`);
  }
  checkApiAllowed(cluster);
  if (!cluster.allowsApi) {
    throw new AppError('api-disabled', message`Other programs may not use ${{ cluster: cluster.name }}.`, {
      hint: message`Allow it with: tunel clusters allow-api ${{ cluster: cluster.name }}`,
    });
  }
}

/** Ids of the clusters that a token may use now. */
export const usableClusters = (
  { clusters }: Token,
  saved: readonly Pick<Cluster, 'id' | 'allowsApi' | 'site'>[],
): string[] => saved.filter((each) => allowsApi(each) && (clusters?.includes(each.id) ?? true)).map(({ id }) => id);
