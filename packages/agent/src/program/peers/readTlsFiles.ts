import { createPrivateKey, X509Certificate } from 'node:crypto';
import { open } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

export type TlsFiles = Readonly<{ ca: string; cert: string; key: string }>;

/** What the files held when they were read. */
export type TlsMaterial = TlsFiles & Readonly<{ validUntil: number }>;

export type ReadTls =
  | Readonly<{ ok: true; material: TlsMaterial }>
  | Readonly<{ ok: false; file: string; why: string; todo: string }>;

/** Far above any chain of certificates. */
const fileMaxBytes = 1024 * 1024;

/** Who may write these may put himself in the place of a node; who may read the key is the node. */
const notFor = { ca: 0o022, cert: 0o022, key: 0o077 } as const;

/**
 * Reads the certificate and key of this node, and says what is wrong with them before a peer has to: a key that others
 * may read, one that does not fit, a certificate of another name or whose time is over.
 */
export async function readTlsFiles(files: TlsFiles, node: string, now: number): Promise<ReadTls> {
  const texts: Record<string, string> = {};
  for (const name of ['ca', 'cert', 'key'] as const) {
    const read = await readFileOf(files[name], notFor[name]);
    if (!read.ok) return { ...read, file: files[name] };
    texts[name] = read.text;
  }
  const { ca, cert, key } = texts as Record<'ca' | 'cert' | 'key', string>;
  try {
    new X509Certificate(ca);
  } catch (error) {
    return refuse(files.ca, error, 'give a file with the certificate of the authority, as PEM');
  }
  try {
    const own = new X509Certificate(cert);
    if (!own.checkPrivateKey(createPrivateKey(key)))
      return refuse(files.key, 'it is not the key of the certificate', `give the key of ${files.cert}`);
    if (own.checkHost(node, { wildcards: false }) === undefined)
      return refuse(
        files.cert,
        `it is not in the name of this node, ${node}: ${own.subjectAltName ?? own.subject}`,
        `have one made with the subject alternative name DNS:${node}`,
      );
    const from = Date.parse(own.validFrom);
    const validUntil = Date.parse(own.validTo);
    if (now > validUntil)
      return refuse(
        files.cert,
        `its time was over at ${own.validTo}`,
        'renew it; it is read again by itself',
      );
    if (now < from)
      return refuse(
        files.cert,
        `it is valid only from ${own.validFrom} on`,
        'see that the clock of this node is right',
      );
    createSecureContext({ ca, cert, key, minVersion: 'TLSv1.3' });
    return { ok: true, material: { ca, cert, key, validUntil } };
  } catch (error) {
    return refuse(files.cert, error, 'give a certificate and its key as PEM, the key without a password');
  }
}

function refuse(file: string, why: unknown, todo: string): ReadTls {
  return { ok: false, file, why: why instanceof Error ? why.message : String(why), todo };
}

type ReadFile = { ok: true; text: string } | { ok: false; why: string; todo: string };

/** What is checked is what is read: the file may be exchanged in between. */
async function readFileOf(path: string, forbidden: number): Promise<ReadFile> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => error);
  if (file instanceof Error)
    return {
      ok: false,
      why: `it cannot be read (${file.code ?? file.message})`,
      todo: 'see that it is there',
    };
  try {
    const { mode, size, uid } = await file.stat();
    if (size > fileMaxBytes) return { ok: false, why: `it has ${size} bytes`, todo: 'give a file with PEM' };
    if (uid !== 0 && uid !== process.geteuid?.())
      return {
        ok: false,
        why: `it belongs to user ${uid}, who could change it`,
        todo: `chown root: ${path}`,
      };
    if ((mode & forbidden) !== 0) {
      const what = forbidden === notFor.key ? 'others than its owner may read it' : 'others may write to it';
      const right = forbidden === notFor.key ? '600' : '644';
      const has = (mode & 0o777).toString(8).padStart(3, '0');
      return { ok: false, why: `${what} (mode ${has})`, todo: `chmod ${right} ${path}` };
    }
    return { ok: true, text: await file.readFile('utf8') };
  } finally {
    await file.close();
  }
}
