import { type FileHandle, open } from 'node:fs/promises';

const secretMaxBytes = 64 * 1024;

/** Reads a secret from its file, each time anew, so that it can be changed. One that others may read is refused. */
export async function readSecret(path: string): Promise<string> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`the secret in ${path} cannot be read: ${error.code}`);
  });
  try {
    await refuseOpenOnes(file, path);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(secretMaxBytes), 0, secretMaxBytes, 0);
    const secret = buffer.toString('utf8', 0, bytesRead).trim();
    if (secret === '') throw new Error(`there is no secret in ${path}: the file is empty`);
    return secret;
  } finally {
    await file.close();
  }
}

async function refuseOpenOnes(file: FileHandle, path: string): Promise<void> {
  const found = await file.stat();
  if (!found.isFile()) throw new Error(`${path} is not a file`);
  const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
  if ((found.mode & 0o077) !== 0)
    throw new Error(`the secret in ${path} may be read by others (mode ${mode}): chmod 600 ${path}`);
}
