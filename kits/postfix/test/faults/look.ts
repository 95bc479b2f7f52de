import type { Finding } from '@holdfast/kit';
import { waitUntil } from '@holdfast/kit';
import { address, type Bench, folder, type Outcome, pidFile, type Seen } from '../bench.ts';

const main = `${folder}/etc/main.cf`;

export function expectThat(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** Waits until the check finds one of these, as an agent would find it. */
export async function mustFind(
  { check }: Bench,
  finding: Finding | readonly Finding[],
  changed?: object,
): Promise<Seen> {
  const wanted = [finding].flat();
  let last: Seen | undefined;
  const seen = await waitUntil(
    async () => {
      last = await check(changed);
      return wanted.includes(last.finding) ? last : undefined;
    },
    { withinMs: 5_000 },
  );
  if (seen !== undefined) return seen;
  throw new Error(
    `the check should find ${wanted.join(' or ')}; it finds ${last?.finding}: ${last?.evidence}`,
  );
}

/** The action must be refused, for a reason with these words. */
export async function mustRefuse(
  { call }: Bench,
  action: 'restore' | 'recover' | 'remove',
  words: RegExp,
  changed?: object,
): Promise<string> {
  const outcome = await call<Outcome>(action, changed);
  expectThat(outcome.result === 'failed', `${action} should have failed; it says ${outcome.evidence}`);
  expectThat(words.test(outcome.evidence), `${action} should name ${words}; it says ${outcome.evidence}`);
  return outcome.evidence;
}

/** The client is greeted. */
export async function mustServe({ client }: Bench): Promise<void> {
  const codes = await client<readonly string[]>({ do: 'wait', host: address, port: 25 });
  expectThat(codes.includes('221'), `the client is not served: it reads ${codes}`);
}

/** From an injection to the client being served, by a check and recover, or restore where that is the response. */
export async function mend(
  bench: Bench,
  inject: () => Promise<unknown>,
  finding: Finding | readonly Finding[],
): Promise<{ seen: string; healthyMs: number }> {
  await inject();
  const begunAt = performance.now();
  const found = await mustFind(bench, finding);
  const evidence = await bench.must('recover');
  await mustServe(bench);
  const healthyMs = performance.now() - begunAt;
  const after = await bench.check();
  expectThat(
    after.finding === 'in-service',
    `after recover the check finds ${after.finding}: ${after.evidence}`,
  );
  return { seen: `${found.finding}: ${found.evidence}; then ${evidence}`, healthyMs };
}

export async function masterOf({ sh }: Bench): Promise<string> {
  return sh(`tr -d ' ' <${pidFile}`);
}

/** Hands one mail in from the client; the codes of all answers. */
export function sendMail({ client }: Bench, to: string, subject: string): Promise<readonly string[]> {
  return client({
    do: 'talk',
    host: address,
    port: 25,
    lines: [
      ...['EHLO client.example', 'MAIL FROM:<a@client.example>', `RCPT TO:<${to}>`, 'DATA'],
      ...[`Subject: ${subject}\r\n\r\nText\r\n.`, 'QUIT'],
    ],
  });
}

export async function mustWait<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined>,
): Promise<Answer> {
  const answer = await waitUntil(ask, { withinMs: 15_000 });
  if (answer === undefined) throw new Error(`it did not come about that ${what}`);
  return answer;
}

/** The number of mails in the mailbox whose text has these words. */
export async function countDelivered({ sh }: Bench, words: string): Promise<number> {
  return Number(await sh(`grep -rlF '${words}' /srv/mail/box 2>/dev/null | wc -l`));
}

/**
 * Writes a line into main.cf, in the place of what it said about that before. Every program of Postfix waits until
 * the file has not been changed for a second; so that nobody waits, it is dated back.
 */
export async function setMain(bench: Bench, line: string): Promise<void> {
  const [name] = line.split(/\s/);
  await bench.sh(`sed -i '/^${name} /d' ${main}; echo '${line}' >>${main}; touch -d '1 minute ago' ${main}`);
}

export async function unsetMain({ sh }: Bench, name: string): Promise<void> {
  await sh(`sed -i '/^${name} /d' ${main}; touch -d '1 minute ago' ${main}`);
}
