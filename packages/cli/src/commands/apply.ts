import { type Client, connect } from '@holdfast/client';
import type { ApplyAnswer, SaidProblem } from '@holdfast/core';
import { readInput, withDashNamed } from '../document/readInput.ts';
import { showChanges } from '../document/showChanges.ts';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportProblems } from '../problems/reportProblems.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { resultLine } from '../problems/resultLine.ts';
import type { PlacedProblem } from '../problems/showProblems.ts';
import { confirm } from '../program/confirm.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { count } from '../text/count.ts';

type Job = Readonly<{
  around: Surroundings;
  client: Client;
  document: unknown;
  placeOf: (problem: SaidProblem) => PlacedProblem;
  isJson: boolean;
}>;

export async function apply(around: Surroundings): Promise<ExitCode> {
  const parsed = await parseApply(withDashNamed(around));
  if (!parsed.ok) return parsed.exitCode;
  const { FILE: file, 'dry-run': dryRun = false, json: isJson = false, yes = false } = parsed.options;

  const yaml = await readInput(file, around);
  if (!yaml.ok)
    return reportProblems(around, {
      problems: yaml.problems,
      isJson,
      exitCode: exitCodes.failed,
      ending: 'nothing was changed',
    });
  const client = connect({ socketPath: around.paths.socket });
  const job: Job = { around, client, document: yaml.value, placeOf: yaml.placeOf, isJson };

  const isAsked = !dryRun && !yes && !isJson && around.input.isTTY === true && around.out.isTerminal;
  if (dryRun || !isAsked) return applyAndSay(job, dryRun);
  const shown = await applyAndSay(job, true);
  if (shown !== exitCodes.done) return shown;
  if (await confirm('Apply this?', around.input)) return applyAndSay(job, false);
  around.out.print('nothing was changed');
  return exitCodes.failed;
}

function parseApply(around: Surroundings) {
  return parse(around, 'holdfast apply', (parser) =>
    parser
      .usage(
        'Usage: holdfast apply FILE\n\n' +
          'Shows what the configuration in FILE (- for standard input) changes, and makes\n' +
          'it the one in force. Nothing is started: a new resource is out of service until\n' +
          'it is restored. A change that would forget a resource in service is refused.\n' +
          'On a terminal it asks first.',
      )
      .command('$0 <FILE>', false)
      .positional('FILE', { type: 'string', demandOption: true, describe: 'A YAML document' })
      .option('dry-run', { type: 'boolean', describe: 'Show the difference, change nothing' })
      .option('json', { type: 'boolean', describe: 'Answer as JSON, holdfast.result/1' })
      .option('yes', { alias: 'y', type: 'boolean', describe: 'Do not ask' })
      .example('holdfast apply hierarchy.yaml', 'Show the difference and apply it')
      .example('holdfast export | holdfast apply -', 'Changes nothing'),
  );
}

async function applyAndSay(job: Job, dryRun: boolean): Promise<ExitCode> {
  const { around, isJson, placeOf } = job;
  const answer = await job.client.apply({ document: job.document, dryRun, by: around.by });
  if (!answer.ok) {
    return reportTrouble(around, {
      trouble: answer.trouble,
      isJson,
      ending: 'nothing was changed',
      // A document with a wrong tag in it is refused like any other wrong document.
      ...(answer.trouble.kind === 'Refused' ? { placed: placeOf, exitCode: exitCodes.failed } : {}),
    });
  }
  if (isJson)
    around.out.print(resultLine({ exitCode: 0, result: dryRun ? 'planned' : 'done', ...answer.value }));
  else around.out.print(...sayApplied(answer.value, dryRun, around));
  return exitCodes.done;
}

function sayApplied({ changes, generation }: ApplyAnswer, dryRun: boolean, { out }: Surroundings): string[] {
  if (changes.length === 0) return [`no difference; generation ${generation} stays in force`];
  const ending = dryRun ? 'nothing was changed yet' : `generation ${generation} is in force`;
  return [...showChanges(changes, out.paint), `${count(changes.length, 'change')}; ${ending}`];
}
