import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { type Account, type Run, type Started, start } from '@holdfast/kit';

/** A connection that is kept open: one psql that runs all the while, one question at a time. */
export type Connection = Readonly<{
  ask: (statement: string, limits: Readonly<{ withinMs: number; signal: AbortSignal }>) => Promise<Reply>;
  close: () => void;
}>;

export type Reply =
  | Readonly<{ kind: 'row'; text: string }>
  /** The statement was refused, or psql ended because the connection is lost or was never made. */
  | Readonly<{ kind: 'refused'; says: string }>
  | Readonly<{ kind: 'late' }>;

type Way = Readonly<{
  psql: readonly [string, ...string[]];
  account: Account;
  env: Readonly<Record<string, string>>;
  run: Run;
}>;

/**
 * psql reads its questions from a pipe that has no name any more once it is open. When this process ends, in
 * whichever way, the pipe ends, and psql with it.
 */
export async function openConnection({ psql, account, env, run }: Way): Promise<Connection> {
  const folder = await mkdtemp('/run/holdfast-psql-');
  const forget = (): void => void rm(folder, { recursive: true, force: true });
  try {
    const pipe = `${folder}/questions`;
    await chown(folder, account.uid, account.gid);
    const made = await run(['mkfifo', '-m', '0600', pipe], { account, budgetMs: 2_000 });
    if (!made.ok) throw new Error(made.says);
    // Not by the thread pool, which a dead disk may hold: it never waits, as it is open for both sides at once.
    const input = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    return connectionOf(input, forget, (onOutput) =>
      start([...psql, '-f', pipe], { account, env, cwd: '/', onOutput }),
    );
  } catch (error) {
    forget();
    throw error;
  }
}

function connectionOf(
  input: number,
  forget: () => void,
  begin: (onOutput: (text: string) => void) => Started,
): Connection {
  let heard = '';
  let asked = 0;
  let isClosed = false;
  let onAnswer: (reply: Reply) => void = () => undefined;
  const started = begin((text) => {
    heard += text;
    // After the statement psql says which question it was, and whether it failed.
    const end = new RegExp(`^end of ${asked} (true|false) ?(.*)\\n`, 'm').exec(heard);
    if (end === null) return;
    const row = heard.slice(0, end.index).trim();
    heard = '';
    forget();
    onAnswer(end[1] === 'true' ? { kind: 'refused', says: end[2]! } : { kind: 'row', text: row });
  });
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    closeSync(input);
    started.kill('SIGKILL');
    forget();
  };
  const ended = started.ended.then(({ stderr }): Reply => {
    close();
    return { kind: 'refused', says: stderr.trim().replaceAll(/\s*\n\s*/g, ' ') || 'psql ended' };
  });
  return {
    close,
    ask: async (statement, { withinMs, signal }) => {
      if (isClosed) return ended;
      asked += 1;
      heard = '';
      const answered = new Promise<Reply>((resolve) => {
        onAnswer = resolve;
      });
      writeSync(input, `${statement};\n\\echo end of ${asked} :ERROR :LAST_ERROR_MESSAGE\n`);
      return withinTime(Promise.race([answered, ended]), withinMs, signal);
    },
  };
}

async function withinTime(reply: Promise<Reply>, withinMs: number, signal: AbortSignal): Promise<Reply> {
  let stop = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Reply>((resolve) => {
    stop = () => resolve({ kind: 'late' });
    timer = setTimeout(stop, Math.max(0, withinMs));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([reply, late]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
