import { connect } from 'node:net';
import { methodCall, readHead } from './message.ts';

/*
 * Prints a line whenever systemd tells of a change of the unit. It subscribes, without which systemd tells nobody;
 * `busctl monitor` does not. It ends, and is started again by whoever listens, when the bus is gone or refuses.
 */
const unit = process.argv[2] ?? '';
const bus = connect('/run/dbus/system_bus_socket');
const manager = { destination: 'org.freedesktop.systemd1', interface: 'org.freedesktop.systemd1.Manager' };
const itself = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};
const unitPath = `/org/freedesktop/systemd1/unit/${escaped(unit)}`;
const match = `type='signal',sender='${manager.destination}',path='${unitPath}',member='PropertiesChanged'`;

const answerMs = 10_000;
const timer = setTimeout(() => fail(`the bus did not answer within ${answerMs} ms`), answerMs);
let isIn = false;
let replies = 0;
let pending: Buffer = Buffer.alloc(0);

bus.on('connect', () =>
  bus.write(`\0AUTH EXTERNAL ${Buffer.from(String(process.getuid!())).toString('hex')}\r\n`),
);
bus.on('data', (piece: Buffer) => {
  pending = Buffer.concat([pending, piece]);
  try {
    if (!isIn) letIn();
    if (isIn) readMessages();
  } catch (error) {
    fail((error as Error).message);
  }
});
bus.on('error', (error) => fail(error.message));
bus.on('close', () => fail('the bus closed the connection'));

function letIn(): void {
  const end = pending.indexOf('\r\n');
  if (end === -1) return;
  const answer = pending.toString('latin1', 0, end);
  pending = pending.subarray(end + 2);
  if (!answer.startsWith('OK ')) throw new Error(`the bus answered ${answer}`);
  isIn = true;
  bus.write('BEGIN\r\n');
  bus.write(methodCall({ serial: 1, ...itself, member: 'Hello' }));
  bus.write(methodCall({ serial: 2, ...itself, member: 'AddMatch' }, [match]));
  bus.write(methodCall({ serial: 3, ...manager, path: '/org/freedesktop/systemd1', member: 'Subscribe' }));
}

function readMessages(): void {
  for (
    let head = readHead(pending);
    head !== undefined && head.length <= pending.length;
    head = readHead(pending)
  ) {
    pending = pending.subarray(head.length);
    if (head.kind === 'error') throw new Error('the bus or systemd refused to tell');
    if (head.kind === 'reply') {
      replies += 1;
      if (replies < 3) continue;
      clearTimeout(timer);
      // What changed before it was listened to is looked at as well.
      process.stdout.write(`listening for ${unit}\n`);
    }
    // Before the third reply a signal is the bus's own, about our name.
    else if (head.kind === 'signal' && replies >= 3) process.stdout.write(`${unit} changed\n`);
  }
}

/** As systemd writes a name into a path: what is no letter or digit, and a digit at the front, as _ and two hex digits. */
function escaped(name: string): string {
  return [...Buffer.from(name)]
    .map((byte, at) => {
      const letter = String.fromCharCode(byte);
      const isPlain = at === 0 ? /[A-Za-z]/.test(letter) : /[A-Za-z0-9]/.test(letter);
      return isPlain ? letter : `_${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

function fail(why: string): void {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}
