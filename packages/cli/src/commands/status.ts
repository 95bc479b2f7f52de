import type { ExitCode } from '../exitCodes.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { showOverview } from '../status/showOverview.ts';
import { statusCommand } from '../status/statusCommand.ts';

export async function status(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast status', (parser) =>
    parser
      .usage(
        'Usage: holdfast status [--watch] [-d NODE]\n\n' +
          'Shows this node: its agent, its hierarchies as trees with the state of each\n' +
          'resource, why something is not as wanted, and what to do about it. Answers from\n' +
          'what the agent left when it is down, says so, and exits with 4.',
      )
      .option('watch', {
        type: 'boolean',
        alias: 'w',
        describe: 'Go on, and show each change as it happens, until ^C',
      })
      .askedNode()
      .option('json', {
        type: 'boolean',
        describe: 'As JSON, holdfast.status/1; with --watch, events follow',
      })
      .example('holdfast status', 'How things are')
      .example('holdfast status --watch', 'What is being done, step by step'),
  );
  if (!parsed.ok) return parsed.exitCode;
  if (parsed.options.watch === true) {
    const { watchStatus } = await import('../watch/watchStatus.ts');
    const { showFitting } = await import('../watch/showFitting.ts');
    return watchStatus(around, {
      isJson: parsed.options.json === true,
      show: (found, look, rows) => showFitting(found, look, around.now(), rows),
    });
  }
  return statusCommand(around, {
    isJson: parsed.options.json === true,
    showsChecks: parsed.options.json === true,
    show: (found) => showOverview(found, around.out, around.now()),
  });
}
