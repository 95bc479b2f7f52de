import { nearest, policyNames, type SaidProblem, type Status } from '@holdfast/core';
import { changeDocument } from '../../document/changeDocument.ts';
import { deleteKeys, isPart, type Part, valueAt } from '../../document/paths.ts';
import { entryOf } from '../../document/policyLevels.ts';
import { readAssignments } from '../../document/readAssignments.ts';
import type { ExitCode } from '../../exitCodes.ts';
import { reportTrouble } from '../../problems/reportTrouble.ts';
import { unknownTag } from '../../problems/unknownTag.ts';
import { misused, parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';

const name = 'holdfast policy set';

export async function set(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, name, (parser) =>
    parser
      .usage(
        'Usage: holdfast policy set --resource TAG | --hierarchy TAG | --cluster\n' +
          '                           NAME=VALUE... [--unset NAME]\n\n' +
          'Sets values of a policy at one level, in one change of the configuration. Names\n' +
          'are those of holdfast policy show.',
      )
      .command('$0 [values..]', false)
      .positional('values', { array: true, describe: 'NAME=VALUE, such as quickCheck.every=5s' })
      .option('resource', { type: 'string', value: 'TAG', describe: 'For one resource' })
      .option('hierarchy', { type: 'string', value: 'TAG', describe: 'For the hierarchy of this resource' })
      .option('cluster', { type: 'boolean', describe: 'For all' })
      .option('unset', {
        type: 'string',
        array: true,
        value: 'NAME',
        describe: 'Leave it to the level above; may be repeated',
      })
      .option('dry-run', { type: 'boolean', describe: 'Show the difference, change nothing' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'Answer as JSON, holdfast.result/1' })
      .example('holdfast policy set --resource mail quickCheck.every=5s', 'Check mail more often')
      .example('holdfast policy set --cluster localRecovery.attempts=2', 'For all that says nothing else')
      .example('holdfast policy set --hierarchy mail --unset failover.enabled', 'As the cluster has it'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { resource, hierarchy, cluster, unset = [], ...more } = parsed.options;
  const { 'dry-run': dryRun = false, json: isJson = false } = more;
  if ([resource, hierarchy, cluster].filter((level) => level !== undefined).length !== 1)
    return misused(around, name, 'say one of --resource TAG, --hierarchy TAG and --cluster').exitCode;
  const values = readAssignments(parsed.options.values ?? []);
  if (!values.ok) return misused(around, name, values.what).exitCode;
  const names = [...values.value.map((one) => one.name), ...unset];
  if (names.length === 0) return misused(around, name, 'say what is to be set').exitCode;
  const stranger = names.find((one) => !policyNames.includes(one));
  if (stranger !== undefined) return misused(around, name, sayUnknown(stranger)).exitCode;

  const answer = await around.asked.connect().status();
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  return changeDocument(around, {
    isJson,
    dryRun,
    edit: async (document) => {
      const place = await placeOf({ resource, hierarchy }, document, answer.value);
      if (!place.ok) return place.problems;
      for (const one of values.value) put(document, [...place.keys, ...one.name.split('.')], one.value);
      for (const one of unset) deleteKeys(document, [...place.keys, ...one.split('.')]);
      return [];
    },
  });
}

function sayUnknown(stranger: string): string {
  const guess = nearest(stranger, policyNames);
  const hint = guess === undefined ? 'see holdfast policy show for the names' : `did you mean ${guess}?`;
  return `no policy has a ${stranger}; ${hint}`;
}

type Place =
  | Readonly<{ ok: true; keys: string[] }>
  | Readonly<{ ok: false; problems: readonly SaidProblem[] }>;

async function placeOf(
  level: { resource: string | undefined; hierarchy: string | undefined },
  document: Part,
  status: Status,
): Promise<Place> {
  const tag = level.resource ?? level.hierarchy;
  if (tag === undefined) return { ok: true, keys: ['policy'] };
  if (!isPart(valueAt(document, ['resources', tag]))) {
    const known = isPart(document.resources) ? Object.keys(document.resources) : [];
    return { ok: false, problems: (await unknownTag(tag, known)).problems };
  }
  if (level.resource !== undefined) return { ok: true, keys: ['resources', tag, 'policy'] };
  return { ok: true, keys: ['hierarchies', entryOf(document, status, tag) ?? tag, 'policy'] };
}

function put(document: Part, keys: readonly string[], value: unknown): void {
  let part = document;
  for (const key of keys.slice(0, -1)) {
    if (!isPart(part[key])) part[key] = {};
    part = part[key] as Part;
  }
  part[keys.at(-1)!] = value;
}
