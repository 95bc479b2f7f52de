/*
 * The few parts of the protobuf encoding that etcd's messages use: varints and length-delimited fields. A field that
 * is not known is passed over, as the encoding asks, so that a newer etcd is understood.
 */

/** A field that was read: a number for a varint, bytes for text, bytes and messages. */
export type Field = Readonly<{ number: number; value: bigint | Uint8Array }>;

/** A whole number, left out when it is 0, as the encoding's default. */
export function numberField(field: number, value: number): Uint8Array {
  return value === 0 ? nothing : join([varint(BigInt(field) << 3n), varint(BigInt(value))]);
}

/** Bytes, text, or a message that is encoded already; left out when undefined. */
export function bytesField(field: number, value: Uint8Array | string | undefined): Uint8Array {
  if (value === undefined) return nothing;
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return join([varint((BigInt(field) << 3n) | 2n), varint(BigInt(bytes.length)), bytes]);
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

/** Every field of a message, in the order in which it was written. Throws on bytes that are no message. */
export function* readFields(message: Uint8Array): Generator<Field> {
  const reader = new Reader(message);
  while (!reader.isAtEnd()) {
    const tag = reader.varint();
    const number = Number(tag >> 3n);
    switch (Number(tag & 7n)) {
      case 0:
        yield { number, value: reader.varint() };
        break;
      case 1:
        reader.bytes(8);
        break;
      case 2:
        yield { number, value: reader.bytes(Number(reader.varint())) };
        break;
      case 5:
        reader.bytes(4);
        break;
      default:
        throw new Error(`no protobuf message: wire type ${Number(tag & 7n)}`);
    }
  }
}

/** A signed 64-bit number. A revision stays exact for as long as any cluster lives: up to 2^53. */
export function toNumber(value: Field['value']): number {
  if (typeof value !== 'bigint') throw new Error('no protobuf message: bytes where a number belongs');
  return Number(BigInt.asIntN(64, value));
}

export function toBytes(value: Field['value']): Uint8Array {
  if (typeof value === 'bigint') throw new Error('no protobuf message: a number where bytes belong');
  return value;
}

export function toText(value: Field['value']): string {
  return Buffer.from(toBytes(value)).toString('utf8');
}

const nothing = new Uint8Array();

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}

class Reader {
  readonly #message: Uint8Array;
  #at = 0;

  constructor(message: Uint8Array) {
    this.#message = message;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#message.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#message[this.#at];
      if (byte === undefined) throw new Error('no protobuf message: it ends within a number');
      this.#at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new Error('no protobuf message: a number of more than 64 bits');
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#message.length) throw new Error('no protobuf message: it ends within a field');
    const bytes = this.#message.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}
