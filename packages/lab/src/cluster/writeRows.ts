/*
 * The world outside of a cluster: node writeRows.ts HOST writes rows through the service address, one after the other,
 * and prints number and moment of each that was acknowledged, until its input ends. It speaks PostgreSQL's protocol
 * itself, for it asks for a connection every few milliseconds while it has none, and to start a program each time would
 * take the processor from those who are measured. Nothing is waited for longer than a moment, so the time between two
 * lines is what a client saw.
 */
import { connect, type Socket } from 'node:net';

const answerWithinMs = 300;
const tryEachMs = 25;
const [host] = process.argv.slice(2) as [string];
let isOver = false;
process.stdin.on('end', () => {
  isOver = true;
});
process.stdin.resume();

/** A connection of its own: what is asked is answered with true when it is done. */
class Session {
  readonly #socket: Socket;
  #heard = Buffer.alloc(0);
  #isDone = false;
  #settle: (done: boolean) => void = () => undefined;

  constructor() {
    this.#socket = connect({ host, port: 5432, noDelay: true });
    this.#socket.on('data', (piece) => this.#hear(piece));
    this.#socket.on('error', () => this.#settle(false));
    this.#socket.on('close', () => this.#settle(false));
  }

  /** True once the server is ready for what is asked. */
  open(): Promise<boolean> {
    const words = Buffer.from('user\0postgres\0database\0postgres\0\0');
    const head = Buffer.alloc(8);
    head.writeInt32BE(words.length + 8, 0);
    head.writeInt32BE(196_608, 4); // version 3.0
    this.#isDone = true;
    return this.#send(Buffer.concat([head, words]));
  }

  insert(row: number): Promise<boolean> {
    const words = Buffer.from(`insert into seen values (${row})\0`);
    const head = Buffer.from('Q\0\0\0\0');
    head.writeInt32BE(words.length + 4, 1);
    this.#isDone = false;
    return this.#send(Buffer.concat([head, words]));
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(message: Buffer): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const late = setTimeout(() => this.#settle(false), answerWithinMs);
    this.#settle = (done) => {
      clearTimeout(late);
      resolve(done);
    };
    if (this.#socket.destroyed) this.#settle(false);
    else this.#socket.write(message);
    return promise;
  }

  /** Messages have a letter and a length: C is done, E an error, Z ready for the next. */
  #hear(piece: Buffer): void {
    this.#heard = Buffer.concat([this.#heard, piece]);
    while (this.#heard.length >= 5) {
      const end = 1 + this.#heard.readInt32BE(1);
      if (this.#heard.length < end) return;
      const letter = String.fromCharCode(this.#heard[0]!);
      this.#heard = this.#heard.subarray(end);
      if (letter === 'E') this.close();
      if (letter === 'C') this.#isDone = true;
      if (letter === 'Z') this.#settle(this.#isDone);
    }
  }
}

/** The first that opens of connections that are begun one after the other; undefined when it is over before. */
async function openOne(): Promise<Session | undefined> {
  const { promise: first, resolve } = Promise.withResolvers<Session>();
  let found: Session | undefined;
  while (!isOver) {
    const session = new Session();
    void session.open().then((isOpen) => {
      if (!isOpen || found !== undefined) return session.close();
      found = session;
      resolve(session);
    });
    const opened = await Promise.race([first, pause(tryEachMs)]);
    if (opened !== undefined) return opened;
  }
  return undefined;
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}

let session: Session | undefined;
for (let row = 1; !isOver; row += 1) {
  session ??= await openOne();
  if (session === undefined) break;
  if (await session.insert(row)) {
    process.stdout.write(`${row} ${performance.timeOrigin + performance.now()}\n`);
    await pause(5);
  } else {
    session.close();
    session = undefined;
  }
}
session?.close();
