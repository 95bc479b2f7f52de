import { stat } from 'node:fs/promises';
import type { Log } from '../../index.ts';
import { type ReadTls, readTlsFiles, type TlsFiles, type TlsMaterial } from './readTlsFiles.ts';

/** The certificate and key in use, read anew when the files change. */
export type TlsKeeper = Readonly<{
  /** Undefined while the files cannot be used. */
  current: () => TlsMaterial | undefined;
  /** Why they cannot be used, or why those that were there before are still in use. */
  problem: () => Extract<ReadTls, { ok: false }> | undefined;
  /** Looks at once, such as at SIGHUP. */
  look: () => Promise<void>;
  close: () => void;
}>;

const everyMs = 10_000;

/**
 * Keeps the certificate and key of this node. What cannot be used is told, and keeps the node from nothing but speaking
 * to others: a node must not stand still because its certificate was not renewed in time.
 */
export async function openTlsKeeper(given: {
  files: TlsFiles;
  node: string;
  log: Log;
  onChange: (material: TlsMaterial) => void;
}): Promise<TlsKeeper> {
  const { files, node, log, onChange } = given;
  let material: TlsMaterial | undefined;
  let problem: Extract<ReadTls, { ok: false }> | undefined;
  let seen = '';
  let looking = Promise.resolve();

  const read = async (isForced: boolean): Promise<void> => {
    const stamp = await stampOf(files);
    // One whose time is over, or is not come, is so by the clock: its file need not change.
    if (!isForced && stamp === seen && problem === undefined && Date.now() < (material?.validUntil ?? 0))
      return;
    const isNew = stamp !== seen;
    seen = stamp;
    const found = await readTlsFiles(files, node, Date.now());
    if (!found.ok) {
      if (isNew || problem?.why !== found.why)
        log.error(
          { event: 'tls-refused', file: found.file, why: found.why },
          `${found.file} is not used: ${found.why}; ${found.todo}`,
        );
      problem = found;
      return;
    }
    problem = undefined;
    if (!isNew && material !== undefined) return;
    material = found.material;
    log.info(
      { event: 'tls-read', validUntil: material.validUntil },
      `certificate of this node read, valid until ${new Date(material.validUntil).toISOString()}`,
    );
    onChange(material);
  };
  const look = (isForced: boolean): Promise<void> => {
    looking = looking.then(() => read(isForced));
    return looking;
  };
  await look(true);
  const timer = setInterval(() => void look(false), everyMs);
  timer.unref();
  return {
    current: () => material,
    problem: () => problem,
    look: () => look(true),
    close: () => clearInterval(timer),
  };
}

async function stampOf(files: TlsFiles): Promise<string> {
  const stamps = await Promise.all(
    [files.ca, files.cert, files.key].map((file) =>
      stat(file).then(
        ({ ino, mtimeMs, ctimeMs, size }) => `${ino} ${mtimeMs} ${ctimeMs} ${size}`,
        (error: NodeJS.ErrnoException) => String(error.code),
      ),
    ),
  );
  return stamps.join('; ');
}
