/* gRPC puts five bytes before each message: 0 for "not compressed", then the length. */

const headBytes = 5;
/** More than any answer that the store asks for; a length above it is taken for damage. */
const messageBytesMax = 64 * 1024 * 1024;

export function frame(message: Uint8Array): Uint8Array {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Finds the messages in pieces that are cut anywhere. */
export class Unframer {
  #pieces: Uint8Array[] = [];
  #length = 0;
  #wanted: number | undefined;

  *push(piece: Uint8Array): Generator<Uint8Array> {
    this.#pieces.push(piece);
    this.#length += piece.length;
    for (;;) {
      if (this.#wanted === undefined) {
        if (this.#length < headBytes) return;
        this.#wanted = lengthIn(this.#take(headBytes));
      }
      if (this.#length < this.#wanted) return;
      const message = this.#take(this.#wanted);
      this.#wanted = undefined;
      yield message;
    }
  }

  #take(count: number): Uint8Array {
    const all = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    const rest = all.subarray(count);
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    return all.subarray(0, count);
  }
}

function lengthIn(head: Uint8Array): number {
  const buffer = Buffer.from(head);
  const length = buffer.readUInt32BE(1);
  if (buffer[0] !== 0 || length > messageBytesMax)
    throw new Error(`no gRPC message: flag ${buffer[0]}, length ${length}`);
  return length;
}
