/** Why there is no system keychain, in a user's words; the system's own belong beside it, as a detail. */
export function describeKeychainProblem(reason: string): string {
  if (/did not answer|timed? ?out/i.test(reason)) return 'The system keychain did not answer; it may be locked.';
  if (/locked|dismissed|denied|prompt/i.test(reason)) return 'The system keychain is locked, or was not opened.';
  if (/libsecret|shared object|dlopen|keytar|cannot find module|NODE_MODULE/i.test(reason)) {
    return 'A part that Tunel needs to reach the system keychain is missing on this computer.';
  }
  if (/d-?bus|org\.freedesktop|autolaunch|secret service|no such secret/i.test(reason)) {
    return 'No keychain service runs on this computer. On Linux, GNOME Keyring and KWallet are such services.';
  }
  if (/could not be read back/i.test(reason)) return 'The system keychain does not give back what it is given.';
  return reason === '' ? 'No system keychain was found.' : 'The system keychain cannot be used.';
}
