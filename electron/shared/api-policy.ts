import type { Cluster } from './clusters.ts';
import { AppError } from './errors.ts';
import { message } from './messages.ts';

type ApiCluster = Pick<Cluster, 'name' | 'allowsApi' | 'site'>;

/** Whether programs with a token may use a cluster: the user and its site allow it. */
export const allowsApi = ({ allowsApi: isAllowed = false, site }: Omit<ApiCluster, 'name'>): boolean =>
  isAllowed && site?.api !== 'forbidden';

/** @throws AppError `api-forbidden` with the words of the site */
export function checkApiAllowed({ name, site }: Omit<ApiCluster, 'allowsApi'>): void {
  if (site?.api !== 'forbidden') return;
  throw new AppError('api-forbidden', message`The site of ${{ cluster: name }} does not allow programs with a token.`, {
    ...(site.apiMessage !== '' && { hint: message`It says: ${{ text: site.apiMessage }}` }),
  });
}
