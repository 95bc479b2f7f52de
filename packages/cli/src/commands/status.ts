import type { ExitCode } from '../exitCodes.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { showOverview } from '../status/showOverview.ts';
import { statusCommand } from '../status/statusCommand.ts';

export async function status(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast status', (parser) =>
    parser
      .usage(
        'Usage: holdfast status\n\n' +
          'Shows this node: its agent, its hierarchies as trees with the state of each\n' +
          'resource, why something is not as wanted, and what to do about it. Answers from\n' +
          'what the agent left when it is down, says so, and exits with 4.',
      )
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.status/1' }),
  );
  if (!parsed.ok) return parsed.exitCode;
  return statusCommand(around, {
    isJson: parsed.options.json === true,
    showsChecks: parsed.options.json === true,
    show: (found) => showOverview(found, around.out, around.now()),
  });
}
