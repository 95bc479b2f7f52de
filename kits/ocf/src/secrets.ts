import { open } from 'node:fs/promises';
import type { Missing } from './findAgent.ts';
import type { Parameter } from './settings.ts';

/** Parameters with the secrets among them read, and what must not be shown. */
export type Revealed = Readonly<{ values: Readonly<Record<string, string>>; secrets: readonly string[] }>;

const longestSecret = 8_192;

/** Reads each secret from its file. A file that others can read holds no secret, and is refused. */
export async function reveal(parameters: Readonly<Record<string, Parameter>>): Promise<Revealed | Missing> {
  const values: Record<string, string> = {};
  const secrets: string[] = [];
  for (const [name, parameter] of Object.entries(parameters)) {
    if (typeof parameter === 'string') {
      values[name] = parameter;
      continue;
    }
    const secret = await readSecret(parameter.file);
    if (typeof secret !== 'string') return secret;
    values[name] = secret;
    if (secret !== '') secrets.push(secret);
  }
  return { values, secrets };
}

/** The longest first, so that a secret which contains another one is not shown in part. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return [...secrets]
    .sort((one, other) => other.length - one.length)
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}

async function readSecret(path: string): Promise<string | Missing> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => error.code ?? 'unreadable');
  if (typeof file === 'string') return lacks(`the file ${path} cannot be read: ${file}`, path);
  try {
    // Of the file that was opened, and not of whatever has its name by now.
    const { mode, uid, size } = await file.stat();
    if (uid !== 0 || (mode & 0o077) !== 0) return lacks(`${path} is open to others than root`, path);
    if (size > longestSecret)
      return lacks(`${path} has ${size} bytes, and is no secret of a parameter`, path);
    return (await file.readFile('utf8')).replace(/\n$/, '');
  } finally {
    await file.close();
  }
}

function lacks(missing: string, path: string): Missing {
  return { missing, todo: `keep the secret in ${path}, with: chown root:root ${path} && chmod 600 ${path}` };
}
