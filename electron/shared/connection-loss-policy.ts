import type { ConnectionStatus } from './clusters.ts';
import type { Instance } from './instances.ts';

/** `wait`: Tunel reconnects by itself; the others are up to the user. */
export type LossRemedy = 'wait' | 'sign-in' | 'connect' | 'compare-key';

/** What brings back an app whose connection is lost. `connection`: of its cluster; undefined: the cluster is gone. */
export function remedyForLoss(connection: Pick<ConnectionStatus, 'state' | 'nextTryAt'> | undefined): LossRemedy {
  switch (connection?.state) {
    case 'sign-in-needed':
      return 'sign-in';
    case 'key-changed':
      return 'compare-key';
    case 'disconnected':
      return 'connect';
    case 'unreachable':
      return connection.nextTryAt === null ? 'connect' : 'wait';
    default:
      return 'wait';
  }
}

/** Whether an app is out of reach until the user does something about its cluster. */
export const waitsForUser = (
  { state }: Pick<Instance, 'state'>,
  connection: Pick<ConnectionStatus, 'state' | 'nextTryAt'> | undefined,
): boolean => state === 'reconnecting' && remedyForLoss(connection) !== 'wait';
