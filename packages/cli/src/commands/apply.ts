import { readFile } from 'node:fs/promises';
import { type Client, connect } from '@holdfast/client';
import type { ApplyAnswer, SaidProblem } from '@holdfast/core';
import { readYaml } from '../document/readYaml.ts';
import { showChanges } from '../document/showChanges.ts';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { resultLine } from '../problems/resultLine.ts';
import { type PlacedProblem, showProblems } from '../problems/showProblems.ts';
import { confirm } from '../program/confirm.ts';
import { parse } from '../program/parse.ts';
import { readAll } from '../program/readAll.ts';
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
  // The parser of options makes nothing of a lone dash; the name of the device passes, and is a name in its own right.
  const args = around.args.map((arg) => (arg === '-' ? standardInput : arg));
  const parsed = await parseApply({ ...around, args });
  if (!parsed.ok) return parsed.exitCode;
  const { FILE: file, 'dry-run': dryRun = false, json: isJson = false, yes = false } = parsed.options;

  const text = await textOf(file, around);
  if (!text.ok) return unreadable(around, isJson, [text.problem]);
  const yaml = readYaml(text.value, file === standardInput ? 'stdin' : file);
  if (!yaml.ok) return unreadable(around, isJson, yaml.problems);
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

const standardInput = '/dev/stdin';

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

function unreadable(around: Surroundings, isJson: boolean, problems: readonly PlacedProblem[]): ExitCode {
  if (isJson) around.out.print(resultLine({ exitCode: exitCodes.failed, result: 'refused', problems }));
  else
    around.err.print(
      ...showProblems(problems, around.err),
      '',
      `${count(problems.length, 'problem')}; nothing was changed`,
    );
  return exitCodes.failed;
}

async function textOf(
  file: string,
  around: Surroundings,
): Promise<{ ok: true; value: string } | { ok: false; problem: PlacedProblem }> {
  try {
    const value = file === standardInput ? await readAll(around.input) : await readFile(file, 'utf8');
    if (value !== undefined) return { ok: true, value };
    return { ok: false, problem: noFile(file, 'it is longer than 16 MiB') };
  } catch (error) {
    return { ok: false, problem: noFile(file, (error as Error).message) };
  }
}

function noFile(file: string, why: string): PlacedProblem {
  return {
    code: 'NO_FILE',
    path: '',
    what: `${file} cannot be read`,
    why,
    todo: 'name a YAML document, or - for standard input',
  };
}
