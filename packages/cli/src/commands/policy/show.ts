import { explainPolicy, type PolicyValue } from '@holdfast/core';
import { isPart } from '../../document/paths.ts';
import { type PolicyLevels, policyLevels } from '../../document/policyLevels.ts';
import { type ExitCode, exitCodes } from '../../exitCodes.ts';
import { reportTrouble } from '../../problems/reportTrouble.ts';
import { unknownTag } from '../../problems/unknownTag.ts';
import { parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';
import { showTable } from '../../text/showTable.ts';

export async function show(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast policy show', (parser) =>
    parser
      .usage(
        'Usage: holdfast policy show [TAG]\n\n' +
          'Shows every value of the policy of a resource and where it comes from; without a\n' +
          'tag, what holds for all that says nothing of its own.',
      )
      .command('$0 [tag]', false)
      .positional('tag', { type: 'string', describe: 'The resource' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.policy/1' })
      .example('holdfast policy show mail', 'How is mail watched, and who said so?'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { tag, json: isJson = false } = parsed.options;
  const client = around.asked.connect();
  const [status, configuration] = await Promise.all([client.status(), client.configuration()]);
  if (!status.ok) return reportTrouble(around, { trouble: status.trouble, isJson });
  if (!configuration.ok) return reportTrouble(around, { trouble: configuration.trouble, isJson });
  const known = status.value.resources.map((one) => one.tag);
  if (tag !== undefined && !known.includes(tag))
    return reportTrouble(around, { trouble: await unknownTag(tag, known), isJson });
  const { document, generation } = configuration.value;
  const levels = policyLevels(isPart(document) ? document : {}, status.value, tag);
  const values = explainPolicy(levels);
  if (isJson)
    around.out.print(JSON.stringify({ schema: 'holdfast.policy/1', generation, tag: tag ?? null, values }));
  else
    around.out.print(
      ...showTable(
        [{ title: 'POLICY' }, { title: 'VALUE' }, { title: 'FROM' }],
        values.map((one) => [one.name, String(one.value), sayFrom(one, levels, tag)]),
        around.out.width,
      ),
    );
  return exitCodes.done;
}

function sayFrom({ from }: PolicyValue, { hierarchyName }: PolicyLevels, tag: string | undefined): string {
  switch (from) {
    case 'resource':
      return `resource ${tag}`;
    case 'hierarchy':
      return `hierarchy ${hierarchyName}`;
    case 'cluster':
    case 'default':
    case 'kit':
      return from;
  }
}
