import type { Notice } from '../../shared/state.ts';

/** The keychain stopped answering, so what it should keep is forgotten at the end of the process. */
export const keychainNotice = (reason: string): Notice => ({
  id: 'keychain',
  code: 'keychain-unavailable',
  kind: 'warning',
  title: 'The system keychain does not answer',
  text: `Passwords are kept in memory until Tunel ends. Unlock the keychain, then start Tunel again. Reason: ${reason}`,
  values: { reason },
});
