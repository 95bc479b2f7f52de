import type { Status } from '@holdfast/core';
import { type ExitCode, exitCodes } from '../../exitCodes.ts';
import { reportTrouble } from '../../problems/reportTrouble.ts';
import { parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';
import { findStatus } from '../../status/findStatus.ts';
import { sayAgent } from '../../status/sayAgent.ts';
import { showTable } from '../../text/showTable.ts';

export async function list(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast node list', (parser) =>
    parser
      .usage(
        'Usage: holdfast node list\n\n' +
          'Lists the nodes of the configuration in the order of their priority. Answers from\n' +
          'what the agent left when it is down, says so, and exits with 4.',
      )
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.nodes/1' })
      .example('holdfast node list', 'Who is there?'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const isJson = parsed.options.json === true;
  const found = await findStatus(around, { showsChecks: false });
  if (!found.ok) return reportTrouble(around, { trouble: found.trouble, isJson });
  const { status, agent } = found.value;
  around.err.print(...sayAgent(found.value, around.err));
  const nodes = status.nodes.map((node) => ({
    ...node,
    isThis: node.name === status.node,
    owns: ownedBy(status, node.name),
  }));
  if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.nodes/1', nodes }));
  else
    around.out.print(
      ...showTable(
        [
          { title: 'NODE', least: 8 },
          { title: 'STATE', least: 7 },
          { title: 'MODE', least: 7 },
          { title: 'OWNS' },
        ],
        nodes.map(({ name, state, mode, isThis, owns }) => [
          isThis ? `${name} *` : name,
          state,
          mode,
          owns.join(', '),
        ]),
        around.out.width,
      ),
    );
  return agent === 'running' ? exitCodes.done : exitCodes.agentDown;
}

/** The hierarchies that a node holds the claim of. */
export function ownedBy({ hierarchies }: Status, node: string): string[] {
  return hierarchies.filter(({ owner }) => owner === node).map(({ id }) => id);
}
