/*
 * As much of D-Bus as is needed to subscribe: method calls with texts as arguments, and where the next message
 * begins. Signals are not read: that one came is all that an event may say.
 */

/** A call of a method, in the form of the wire; its arguments are texts. */
export function methodCall(
  call: Readonly<{ serial: number; destination: string; path: string; interface: string; member: string }>,
  words: readonly string[] = [],
): Buffer {
  const body = new Writer();
  for (const word of words) body.text(word);
  const fields = new Writer();
  const add = (code: number, signature: 's' | 'o' | 'g', value: string): void => {
    fields.align(8);
    fields.byte(code);
    fields.signature(signature);
    if (signature === 'g') fields.signature(value);
    else fields.text(value);
  };
  add(1, 'o', call.path);
  add(2, 's', call.interface);
  add(3, 's', call.member);
  add(6, 's', call.destination);
  if (words.length > 0) add(8, 'g', 's'.repeat(words.length));

  const head = Buffer.alloc(16);
  head.write('l', 0, 'latin1');
  head.writeUInt8(1, 1);
  head.writeUInt8(1, 3);
  const bodyBytes = body.bytes();
  const fieldBytes = fields.bytes();
  head.writeUInt32LE(bodyBytes.length, 4);
  head.writeUInt32LE(call.serial, 8);
  head.writeUInt32LE(fieldBytes.length, 12);
  return Buffer.concat([head, fieldBytes, Buffer.alloc(padding(fieldBytes.length, 8)), bodyBytes]);
}

/** What D-Bus itself allows is 128 MB; nothing that we asked for comes near. */
const longestMessage = 4 * 1024 * 1024;

export type Head = Readonly<{ kind: 'reply' | 'error' | 'signal' | 'call'; length: number }>;

/** The first message in the bytes; undefined while its head has not come. Throws at what is no message. */
export function readHead(bytes: Buffer): Head | undefined {
  if (bytes.length < 16) return undefined;
  const isLittle = bytes[0] === 0x6c;
  if (!isLittle && bytes[0] !== 0x42) throw new Error('this is no message of D-Bus');
  const number = (at: number): number => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const fields = number(12);
  const length = 16 + fields + padding(fields, 8) + number(4);
  if (length > longestMessage) throw new Error(`a message of ${length} bytes is refused`);
  const kind = ([undefined, 'call', 'reply', 'error', 'signal'] as const)[bytes[1]!];
  if (kind === undefined) throw new Error(`a message of the type ${bytes[1]} is refused`);
  return { kind, length };
}

function padding(length: number, to: number): number {
  return (to - (length % to)) % to;
}

class Writer {
  #bytes: number[] = [];

  align(to: number): void {
    while (this.#bytes.length % to !== 0) this.#bytes.push(0);
  }

  byte(value: number): void {
    this.#bytes.push(value);
  }

  text(value: string): void {
    this.align(4);
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    this.#bytes.push(...length, ...bytes, 0);
  }

  signature(value: string): void {
    const bytes = Buffer.from(value);
    this.#bytes.push(bytes.length, ...bytes, 0);
  }

  bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }
}
