import type { KeychainProblem } from '../../electron/shared/state.ts';

const descriptions: Record<KeychainProblem, string> = {
  'timed-out': 'The system keychain did not answer; it may be locked.',
  locked: 'The system keychain is locked, or was not opened.',
  'library-missing': 'A part that Tunel needs to reach the system keychain is missing on this computer.',
  'service-missing':
    'No keychain service runs on this computer. On Linux, GNOME Keyring and KWallet are such services.',
  'not-kept': 'The system keychain does not give back what it is given.',
  unusable: 'The system keychain cannot be used.',
};

/** Why there is no system keychain; null: nothing is known about one. */
export const describeKeychainProblem = (problem: KeychainProblem | null): string =>
  problem === null ? 'No system keychain was found.' : descriptions[problem];
