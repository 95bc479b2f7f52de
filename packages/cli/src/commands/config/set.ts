import type { SaidProblem } from '@holdfast/core';
import { changeDocument } from '../../document/changeDocument.ts';
import { deletePath, setPath } from '../../document/paths.ts';
import { readAssignments } from '../../document/readAssignments.ts';
import type { ExitCode } from '../../exitCodes.ts';
import { misused, parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';

export async function set(around: Surroundings): Promise<ExitCode> {
  const name = 'holdfast config set';
  const parsed = await parse(around, name, (parser) =>
    parser
      .usage(
        'Usage: holdfast config set PATH=VALUE... [--unset PATH]\n\n' +
          'Changes parts of the document in force. A value is read as YAML: 3 is a number,\n' +
          '[a, b] a list. All changes of one command are applied at once, or none.',
      )
      .command('$0 [changes..]', false)
      .positional('changes', { array: true, describe: 'PATH=VALUE, the path with dots between its names' })
      .option('unset', {
        type: 'string',
        array: true,
        value: 'PATH',
        describe: 'Take a part out; may be repeated',
      })
      .option('dry-run', { type: 'boolean', describe: 'Show the difference, change nothing' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'Answer as JSON, holdfast.result/1' })
      .example('holdfast config set resources.mail.needs="[mail-ip, mail-disk]"', 'A list')
      .example('holdfast config set --unset policy.deepCheck', 'Back to the default'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { unset = [], 'dry-run': dryRun = false, json: isJson = false } = parsed.options;
  const changes = readAssignments(parsed.options.changes ?? []);
  if (!changes.ok) return misused(around, name, changes.what).exitCode;
  if (changes.value.length + unset.length === 0)
    return misused(around, name, 'say what is to be changed').exitCode;
  return changeDocument(around, {
    isJson,
    dryRun,
    edit: (document) => [
      ...changes.value.flatMap((one) => (setPath(document, one.name, one.value) ? [] : [noPlace(one.name)])),
      ...unset.flatMap((path) => (deletePath(document, path) ? [] : [notThere(path)])),
    ],
  });
}

function noPlace(path: string): SaidProblem {
  return {
    code: 'NO_PLACE',
    path,
    what: `Nothing can be put at ${path}`,
    why: 'a part on the way there is a value of its own',
    todo: 'look at the document with holdfast config show',
  };
}

function notThere(path: string): SaidProblem {
  return {
    code: 'NOTHING_THERE',
    path,
    what: `The configuration has nothing at ${path} to take out`,
    why: 'the document in force does not say it',
    todo: 'look at the document with holdfast config show',
  };
}
