/*
 * The world outside of a cluster: writes a row through the service address, one after the other, and prints a line of
 * JSON for each that was acknowledged: node client.ts HOST. Every connection is new, and nothing is tried for longer than
 * a moment, so what it prints is what a client saw.
 */
import { spawn } from 'node:child_process';

const [host] = process.argv.slice(2) as [string];
let row = 0;
let isOver = false;
process.stdin.on('end', () => {
  isOver = true;
});
process.stdin.resume();

/** A session of psql is kept while it answers; one that falls silent is left for another. */
function connect(): { ask: (sql: string) => Promise<boolean>; end: () => void } {
  const argv = ['-h', host, '-U', 'postgres', '-XAtq', '-v', 'ON_ERROR_STOP=1'];
  const child = spawn('psql', argv, { env: { ...process.env, PGCONNECT_TIMEOUT: '2' }, stdio: 'pipe' });
  let answer: (done: boolean) => void = () => undefined;
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString();
    if (/^done \d+$/m.test(said)) answer(true);
  });
  child.on('error', () => answer(false));
  child.on('close', () => answer(false));
  child.stdin.on('error', () => undefined);
  return {
    ask: (sql) =>
      new Promise((resolve) => {
        said = '';
        const late = setTimeout(() => answer(false), 400);
        answer = (done) => {
          clearTimeout(late);
          resolve(done);
        };
        if (child.exitCode !== null) answer(false);
        else child.stdin.write(`${sql}\n\\echo done 1\n`);
      }),
    end: () => child.kill('SIGKILL'),
  };
}

let connection = connect();
while (!isOver) {
  row += 1;
  const done = await connection.ask(`insert into seen values (${row});`);
  const at = performance.timeOrigin + performance.now();
  if (done) process.stdout.write(`${JSON.stringify({ row, at })}\n`);
  else {
    connection.end();
    connection = connect();
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
connection.end();
