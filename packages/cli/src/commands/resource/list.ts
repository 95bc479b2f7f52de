import { type ExitCode, exitCodes } from '../../exitCodes.ts';
import { reportTrouble } from '../../problems/reportTrouble.ts';
import { parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';
import { findStatus } from '../../status/findStatus.ts';
import { sayAgent } from '../../status/sayAgent.ts';
import { showTable } from '../../text/showTable.ts';

export async function list(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast resource list', (parser) =>
    parser
      .usage(
        'Usage: holdfast resource list [--type TYPE] [--state STATE]\n\n' +
          'Lists the resources in the order of the configuration. Answers from what the\n' +
          'agent left when it is down, says so, and exits with 4.',
      )
      .option('type', { type: 'string', value: 'TYPE', describe: 'Only those of one type' })
      .option('state', {
        type: 'string',
        choices: ['ISP', 'ISU', 'OSU', 'OSF', 'ILLSTATE'],
        describe: 'Only those in one state',
      })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.resources/1' })
      .example('holdfast resource list', 'All of them')
      .example('holdfast resource list --state OSF', 'What has failed?'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { type, state, json: isJson = false } = parsed.options;
  const found = await findStatus(around, { showsChecks: false });
  if (!found.ok) return reportTrouble(around, { trouble: found.trouble, isJson });
  const { status, agent } = found.value;
  const resources = status.resources.filter(
    (one) => (type ?? one.type) === one.type && (state ?? one.state) === one.state,
  );
  around.err.print(...sayAgent(found.value, around.err));
  if (isJson)
    around.out.print(
      JSON.stringify({
        schema: 'holdfast.resources/1',
        resources: resources.map((one) => ({
          tag: one.tag,
          type: one.type,
          identity: one.identity,
          state: one.state,
          want: one.want,
          needs: one.needs,
          needsAny: one.needsAny,
          after: one.after,
        })),
      }),
    );
  else if (resources.length === 0) around.out.print('no resources');
  else
    around.out.print(
      ...showTable(
        [
          { title: 'TAG', least: 12 },
          { title: 'TYPE', least: 6 },
          { title: 'STATE', least: 8 },
          { title: 'NEEDS' },
        ],
        resources.map((one) => [one.tag, one.type, one.state, [...one.needs, ...one.needsAny].join(', ')]),
        around.out.width,
      ),
    );
  return agent === 'running' ? exitCodes.done : exitCodes.agentDown;
}
