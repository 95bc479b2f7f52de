import type { ExitCode } from '../../exitCodes.ts';
import { parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';
import { statusCommand } from '../../status/statusCommand.ts';
import { showDetails } from './showDetails.ts';
import { showTable } from './showTable.ts';

export async function lcdstatus(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'lcdstatus', (parser) =>
    parser
      .usage(
        'Usage: lcdstatus [-d NODE] [-q | -e] [-u] [-r TAG] [--watch]\n\n' +
          'Shows the resources of this node with their states. Answers from what the agent\n' +
          'left when it is down, says so, and exits with 4.',
      )
      .option('q', { type: 'boolean', describe: 'Short: a line for each resource' })
      .option('e', {
        type: 'boolean',
        describe: 'Short, beginning with the node that would be next',
      })
      .option('r', { type: 'string', requiresArg: true, describe: 'Only TAG and what is below it' })
      .option('u', { type: 'boolean', describe: 'Unshortened: long values are never cut' })
      .askedNode()
      .option('watch', { type: 'boolean', describe: 'Go on, and show each change as it happens, until ^C' })
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.status/1' })
      .example('lcdstatus', 'Everything about each resource')
      .example('lcdstatus -q', 'A short table')
      .example('lcdstatus -q -r mail', 'Only mail and what it needs'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { q = false, e = false, u = false, r: top, json: isJson = false } = parsed.options;
  // Wider than any tag and any path: nothing is shortened to fit.
  const width = u && (q || e) ? unshortened : around.out.width;
  const only = top === undefined ? {} : { top };
  if (parsed.options.watch === true) {
    const { watchStatus } = await import('../../watch/watchStatus.ts');
    const { fitRows } = await import('../../watch/fitRows.ts');
    return watchStatus(around, {
      isJson,
      show: (found, look, rows) =>
        fitRows(
          q || e
            ? showTable(found.status, { first: e ? 'BACKUP' : 'LOCAL', ...only, width: look.width })
            : showDetails(found, { ...only, width: look.width }),
          rows,
        ),
    });
  }
  return statusCommand(around, {
    isJson,
    showsChecks: !(q || e),
    ...only,
    show: (found) =>
      q || e
        ? showTable(found.status, { first: e ? 'BACKUP' : 'LOCAL', ...only, width })
        : showDetails(found, { ...only, width }),
  });
}

const unshortened = 100_000;
