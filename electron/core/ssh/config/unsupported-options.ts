import { offerOpenSshByName } from '../openssh/offer.ts';
import { firstValue, type SshOptions } from './ssh-config-policy.ts';

/** Options of a host that the app cannot follow, each with what to do. `usual`: what ssh says of a host it does not know. */
export function unsupportedOptions(options: SshOptions, usual: SshOptions): string[] {
  const differs = (key: string) => firstValue(options, key) !== firstValue(usual, key);
  const on = (key: string) => firstValue(options, key) === 'yes' && differs(key);
  const names = (key: string) => firstValue(options, key) !== '' && differs(key);
  const hasSecurityKey =
    (options.get('identityfile') ?? []).some((file) => /_sk(\.pub)?$/.test(file)) &&
    (options.get('identityfile') ?? []).some((file) => !/^~\/\.ssh\/id_[a-z0-9]+(_sk)?$/.test(file));
  const notes: [isNeeded: boolean, note: string][] = [
    [
      firstValue(options, 'certificatefile') !== '',
      `SSH certificates (CertificateFile) cannot be shown. Use a plain key or a password.${offerOpenSshByName()}`,
    ],
    [
      on('gssapiauthentication'),
      `Kerberos sign-in (GSSAPIAuthentication) is not available. Use a key or a password.${offerOpenSshByName()}`,
    ],
    [
      hasSecurityKey || differs('securitykeyprovider'),
      `Keys on a security key (FIDO) cannot be used. Use another key or a password.${offerOpenSshByName()}`,
    ],
    [
      firstValue(options, 'pkcs11provider') !== '',
      `Keys on a smart card (PKCS11Provider) cannot be read. Add the card to your SSH agent instead.${offerOpenSshByName()}`,
    ],
    [
      on('hostbasedauthentication'),
      `Host-based sign-in is not available. Use a key or a password.${offerOpenSshByName()}`,
    ],
    [isNameUnresolved(options), unresolvedName],
    [names('knownhostscommand'), 'KnownHostsCommand is not run. Keep the host keys in a known hosts file.'],
    [
      names('bindaddress') || names('bindinterface'),
      'BindAddress and BindInterface are not followed: the system chooses the address to connect from.',
    ],
    [
      differs('addressfamily') && firstValue(options, 'addressfamily') !== 'any',
      'AddressFamily is not followed: IPv4 and IPv6 are both tried.',
    ],
    [names('remotecommand'), 'RemoteCommand is not run.'],
  ];
  return notes.flatMap(([isNeeded, note]) => (isNeeded ? [note] : []));
}

const unresolvedName =
  'CanonicalizeHostname found no full name for this host now, so it stays as written. If that name is known only on the VPN, read this host again there, or give the full name.';

/** ssh prints the canonical name where it found one, which holds more dots than it may be asked for. */
function isNameUnresolved(options: SshOptions): boolean {
  const mode = firstValue(options, 'canonicalizehostname');
  if (!['yes', 'true', 'always'].includes(mode)) return false;
  const dots = (firstValue(options, 'hostname').match(/\./g) ?? []).length;
  const most = Number(firstValue(options, 'canonicalizemaxdots') || '1');
  const domains = firstValue(options, 'canonicaldomains').split(/\s+/).filter(Boolean);
  const hasDomain = domains.some((domain) => firstValue(options, 'hostname').endsWith(`.${domain}`));
  return dots <= most && !hasDomain;
}
