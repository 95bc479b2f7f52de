import type { Client } from '@holdfast/client';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { showNotifiers } from '../notify/showNotifiers.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { misused, parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { plain } from '../text/plain.ts';
import { saySpan } from '../text/saySpan.ts';
import { wrap } from '../text/wrap.ts';

type Options = { what?: string; name?: string; json?: boolean };

export async function notify(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast notify', (parser) =>
    parser
      .usage(
        'Usage: holdfast notify list | test [NAME]\n\n' +
          'Shows who is told of what happens on this node and how that goes, or sends a message\n' +
          'that says that it is a test. Who is told stands in the configuration, under notifiers.',
      )
      .command('$0 <what> [name]', false, (inner) =>
        inner
          .positional('what', { type: 'string', choices: ['list', 'test'], demandOption: true })
          .positional('name', { type: 'string' }),
      )
      .askedNode()
      .option('json', {
        type: 'boolean',
        describe: 'As JSON, holdfast.notifiers/1 or holdfast.notify-test/1',
      })
      .example('holdfast notify test', 'Does everybody hear of it?'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { what, name, json: isJson = false } = parsed.options as Options;
  if (what === 'test') return test(around, name, isJson);
  if (name !== undefined) return misused(around, 'holdfast notify', 'list takes no name').exitCode;
  const answer = await around.asked.connect().notifiers();
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  const { notifiers } = answer.value;
  if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.notifiers/1', notifiers }));
  else around.out.print(...showNotifiers(notifiers, around.out.width));
  return exitCodes.done;
}

/** One, or all one after the other; each is told of as soon as it is known. */
async function test(around: Surroundings, name: string | undefined, isJson: boolean): Promise<ExitCode> {
  const client = around.asked.connect();
  const names = name === undefined ? await namesOf(client) : { ok: true as const, value: [name] };
  if (!names.ok) return reportTrouble(around, { trouble: names.trouble, isJson });
  if (names.value.length === 0) {
    around.err.print('nobody is told: the configuration has no notifiers');
    return exitCodes.failed;
  }
  let exitCode: ExitCode = exitCodes.done;
  for (const one of names.value) {
    const answer = await client.testNotifier(one, around.by);
    if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
    const { isSent, says, tookMs } = answer.value;
    if (!isSent) exitCode = exitCodes.failed;
    if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.notify-test/1', ...answer.value }));
    else {
      const word = isSent ? around.out.paint.good('sent') : around.out.paint.bad('failed');
      const line = `${one}: ${word} (${saySpan(tookMs)}): ${plain(says)}`;
      around.out.print(...wrap(line, { first: '', width: around.out.width, hang: 2 }));
    }
  }
  return exitCode;
}

async function namesOf(client: Client) {
  const answer = await client.notifiers();
  return answer.ok ? { ok: true as const, value: answer.value.notifiers.map(({ name }) => name) } : answer;
}
