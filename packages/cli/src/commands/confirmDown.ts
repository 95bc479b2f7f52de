import { connect } from '@holdfast/client';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { isSure } from '../fence/isSure.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { wrap } from '../text/wrap.ts';

export async function confirmDown(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast confirm-down', (parser) =>
    parser
      .usage(
        'Usage: holdfast confirm-down NODE\n\n' +
          'Says that a node is down for sure, where no fence could prove it: what it had is taken\n' +
          'over at once. Make sure first: it is switched off, or its power or its storage is cut.\n' +
          'If it still runs, its data is destroyed. It joins again after a reboot.',
      )
      .command('$0 <node>', false)
      .positional('node', { type: 'string', demandOption: true, describe: 'The node that is down' })
      .option('why', { type: 'string', requiresArg: true, describe: 'How you know, for the records' })
      .option('dry-run', { type: 'boolean', describe: 'Show what waits for it, say nothing' })
      .option('yes', { alias: 'y', type: 'boolean', describe: 'Do not ask: it is down' })
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.confirm-down/1' })
      .example('holdfast confirm-down alpha --why "cables pulled"', 'Let the others take what alpha had'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { node, why = '', 'dry-run': dryRun = false, yes = false, json: isJson = false } = parsed.options;
  const client = connect({ socketPath: around.paths.socket });
  const asked = { why, by: around.by };
  const before = await client.confirmDown(node, { ...asked, dryRun: true });
  if (!before.ok) return reportTrouble(around, { trouble: before.trouble, isJson });
  const { tags } = before.value;
  const had = tags.length === 0 ? `${node} had nothing` : `${node} had ${tags.join(', ')}`;
  if (!dryRun) {
    const question = `${had}.\nIs ${node} down for sure? If it still runs, data is destroyed.`;
    const refused = await isSure(around, { question, yes, isJson, command: `holdfast confirm-down ${node}` });
    if (refused !== undefined) return refused;
    const answer = await client.confirmDown(node, asked);
    if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  }
  if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.confirm-down/1', node, tags, dryRun }));
  else {
    const says = dryRun ? 'would be confirmed' : 'is confirmed to be down, and may be taken over';
    around.out.print(...wrap(`${had}: ${says}`, { first: '', width: around.out.width, hang: 2 }));
  }
  return exitCodes.done;
}
