import 'reflect-metadata';
import { createHash, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A key pair and certificate that live only in this process' memory. */
export interface GatewayCertificate {
  /** PEM. */
  cert: string;
  /** PEM, PKCS8. */
  key: string;
  /** `sha256/<base64 of SHA-256 over the DER certificate>`: Electron's `certificate.fingerprint`. */
  fingerprint: string;
}

const YEAR = 365 * 24 * 3600_000;
const HOUR = 3600_000;

/**
 * Self-signed ECDSA P-256 for `*.<domain>`. Trust comes from the fingerprint alone, so the dates only have to hold as
 * long as one run of the app may last and to forgive a clock that is being set.
 */
export async function createCertificate(domain: string, now: number): Promise<GatewayCertificate> {
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=*.${domain}`,
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    notBefore: new Date(now - 24 * HOUR),
    notAfter: new Date(now + YEAR),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: `*.${domain}` }]),
    ],
  });
  const der = Buffer.from(certificate.rawData);
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  return {
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64')}\n-----END PRIVATE KEY-----\n`,
    fingerprint: `sha256/${createHash('sha256').update(der).digest('base64')}`,
  };
}
