import { open } from 'node:fs/promises';

/** The settings that name a file with a secret, and the paths that they have. */
export type SecretFiles = ReadonlyMap<string, string>;

export type Hidden = Readonly<{ text: string; settings: readonly string[] }>;

/** Anything shorter is found in innocent words too. */
const shortest = 4;
const longestFile = 4_096;

/** Puts the name of its setting in the place of each secret, and says which settings were told. */
export async function hideSecrets(text: string, files: SecretFiles): Promise<Hidden> {
  let hidden = text;
  const settings: string[] = [];
  for (const [setting, path] of files) {
    for (const secret of await secretsIn(path)) {
      if (!hidden.includes(secret)) continue;
      hidden = hidden.replaceAll(secret, `[secret of ${setting}]`);
      settings.push(setting);
    }
  }
  return { text: hidden, settings: [...new Set(settings)] };
}

/** Each line of the file; none when it cannot be read, for then nobody told them either. */
async function secretsIn(path: string): Promise<readonly string[]> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return [];
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longestFile), 0, longestFile, 0);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    return lines.map((line) => line.trim()).filter((line) => line.length >= shortest);
  } catch {
    return [];
  } finally {
    await file.close();
  }
}
