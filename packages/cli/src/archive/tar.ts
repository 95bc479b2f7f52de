/** One file of an archive. */
export type TarFile = Readonly<{ name: string; mode: number; content: Buffer }>;

const block = 512;

/** Files as a tar archive in the POSIX form: regular files of root, and nothing else. */
export function packTar(files: readonly TarFile[], atMs: number): Buffer {
  const parts = files.flatMap(({ name, mode, content }) => [
    headerOf({ name, mode, size: content.length, atMs }),
    content,
    Buffer.alloc((block - (content.length % block)) % block),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

/** The regular files of an archive. Throws when it is none, or is damaged. */
export function unpackTar(archive: Buffer): TarFile[] {
  const files: TarFile[] = [];
  for (let at = 0; at + block <= archive.length; ) {
    const header = archive.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) return files;
    if (numberIn(header, 148, 8) !== sumOf(header)) throw new Error('it is no tar archive, or is damaged');
    const size = numberIn(header, 124, 12);
    const content = archive.subarray(at + block, at + block + size);
    if (content.length !== size) throw new Error('it ends in the middle of a file');
    const kind = header[156];
    if (kind === 0 || kind === regular.charCodeAt(0)) {
      const prefix = textIn(header, 345, 155);
      const name = textIn(header, 0, 100);
      files.push({
        name: prefix === '' ? name : `${prefix}/${name}`,
        mode: numberIn(header, 100, 8),
        content,
      });
    }
    at += block + Math.ceil(size / block) * block;
  }
  throw new Error('its end is missing');
}

const regular = '0';

function headerOf({
  name,
  mode,
  size,
  atMs,
}: {
  name: string;
  mode: number;
  size: number;
  atMs: number;
}): Buffer {
  const header = Buffer.alloc(block);
  const path = Buffer.from(name);
  // A longer name goes in two parts, which are joined by a slash that neither holds.
  const cut = path.length <= 100 ? -1 : name.lastIndexOf('/', 155);
  const [prefix, last] = cut === -1 ? ['', name] : [name.slice(0, cut), name.slice(cut + 1)];
  if (Buffer.byteLength(last) > 100 || Buffer.byteLength(prefix) > 155)
    throw new Error(`the name ${name} is too long for an archive`);
  header.write(last, 0);
  header.write(octal(mode & 0o7777, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(Math.floor(atMs / 1000), 12), 136);
  header.write(regular, 156);
  header.write('ustar\u000000', 257);
  header.write('root', 265);
  header.write('root', 297);
  header.write(prefix, 345);
  header.write(octal(sumOf(header), 7), 148);
  return header;
}

function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, '0')}\u0000`;
}

/** The sum counts its own place as blanks. */
function sumOf(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
}

function textIn(header: Buffer, at: number, length: number): string {
  const text = header.toString('utf8', at, at + length);
  const end = text.indexOf('\u0000');
  return end === -1 ? text : text.slice(0, end);
}

function numberIn(header: Buffer, at: number, length: number): number {
  return Number.parseInt(textIn(header, at, length).trim() || '0', 8);
}
