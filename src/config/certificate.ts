import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The text of a PEM file with at least one certificate, or why it cannot be used. */
export function readCertificates(
  file: string,
): { readonly pem: string } | { readonly found: string; readonly expected: string } {
  const expected = 'a PEM file that begins with -----BEGIN CERTIFICATE-----';
  try {
    const pem = readFileSync(file, 'utf8');
    // Only the first is looked at; TLS says what it thinks of the others.
    void new X509Certificate(pem);
    return { pem };
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    const code = String(error.code);
    const isCertificate = !code.startsWith('ERR_OSSL');
    return {
      found: isCertificate ? `${file}, which cannot be read (${code})` : `${file}, which is none`,
      expected,
    };
  }
}
