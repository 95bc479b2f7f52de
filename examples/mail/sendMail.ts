import { connect } from 'node:net';

/*
 * Sends one mail by SMTP; exit code 0 when the server has taken it.
 *   node sendMail.ts HOST RECIPIENT SUBJECT
 */
const [host = '', recipient = '', subject = ''] = process.argv.slice(2);
const dialogue = [
  { say: 'EHLO client.example', after: 220 },
  { say: 'MAIL FROM:<sender@client.example>', after: 250 },
  { say: `RCPT TO:<${recipient}>`, after: 250 },
  { say: 'DATA', after: 250 },
  { say: `Subject: ${subject}\r\n\r\nSent before the switch.\r\n.`, after: 354 },
  { say: 'QUIT', after: 250 },
];

const socket = connect({ host, port: 25 });
socket.setTimeout(10_000, () => fail('no answer within 10 s'));
socket.on('error', (error) => fail(error.message));
socket.on('close', () => fail('it closed the connection'));
let text = '';
socket.setEncoding('latin1').on('data', (piece: string) => {
  text += piece;
  const last = /^(\d{3})(?: .*)?\r\n/m.exec(text);
  if (last === null) return;
  const answer = text.trim();
  text = '';
  const next = dialogue.shift();
  if (next === undefined) return process.exit(0);
  if (Number(last[1]) !== next.after) return fail(answer);
  if (next.say === 'QUIT') process.stdout.write(`${answer}\n`);
  socket.write(`${next.say}\r\n`);
});

function fail(why: string): never {
  process.stderr.write(`${host}: ${why}\n`);
  process.exit(1);
}
