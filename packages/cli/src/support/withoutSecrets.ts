const removed = '(removed)';

/** How settings that hold a secret are called. */
const secretName = /pass(word|wd|phrase)?$|^pw$|secret|token|credential|(private|api|access)[-_.]?key/i;

/** A value in which everything is replaced that a name says is secret. */
export function valueWithoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(valueWithoutSecrets);
  if (typeof value === 'string') return textWithoutSecrets(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      secretName.test(name) && inner !== null && typeof inner !== 'object'
        ? removed
        : valueWithoutSecrets(inner),
    ]),
  );
}

/** Text in which what looks like a secret is replaced. */
export function textWithoutSecrets(text: string): string {
  return text
    .replace(privateKeys, removed)
    .replace(userInfo, `$1${removed}@`)
    .replace(named, (_, name: string) => `${name}${removed}`);
}

const privateKeys = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g;
const userInfo = /(\w+:\/\/[^\s:/@]*:)[^\s@/]+@/g;
const named =
  /([\w.-]*(?:password|passwd|passphrase|secret|token|credential|private[-_.]?key|api[-_.]?key|access[-_.]?key)[\w.-]*\\?["']?\s*[:=]\s*)(?:\\?"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;}]+)/gi;
