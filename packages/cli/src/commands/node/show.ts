import { type ExitCode, exitCodes } from '../../exitCodes.ts';
import { reportTrouble } from '../../problems/reportTrouble.ts';
import { parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';
import { findStatus } from '../../status/findStatus.ts';
import { sayAgent } from '../../status/sayAgent.ts';
import { sayTime } from '../../text/sayTime.ts';
import { wrap } from '../../text/wrap.ts';
import { ownedBy } from './list.ts';
import { unknownNode } from './unknownNode.ts';

export async function show(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast node show', (parser) =>
    parser
      .usage('Usage: holdfast node show [NODE]\n\nShows one node; this one when none is named.')
      .command('$0 [node]', false)
      .positional('node', { type: 'string', describe: 'Its name in the configuration' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.node/1' })
      .example('holdfast node show', 'This node'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { json: isJson = false } = parsed.options;
  const found = await findStatus(around, { showsChecks: false });
  if (!found.ok) return reportTrouble(around, { trouble: found.trouble, isJson });
  const { status, agent } = found.value;
  const name = parsed.options.node ?? status.node;
  const node = status.nodes.find((one) => one.name === name);
  if (node === undefined) return reportTrouble(around, { trouble: await unknownNode(name, status), isJson });
  around.err.print(...sayAgent(found.value, around.err));
  const isThis = name === status.node;
  const owns = ownedBy(status, name);
  const { version, pid, startedAt, phase } = status.agent;
  if (isJson)
    around.out.print(
      JSON.stringify({
        schema: 'holdfast.node/1',
        ...node,
        isThis,
        owns,
        ...(isThis ? { agent: status.agent } : {}),
      }),
    );
  else {
    const line = (label: string, text: string) =>
      text === '' ? [] : wrap(text, { first: label.padEnd(12), width: around.out.width });
    const states = ['ISP', 'ISU', 'OSU', 'OSF', 'ILLSTATE'].flatMap((state) => {
      const n = status.resources.filter((one) => one.state === state).length;
      return n === 0 ? [] : [`${n} ${state}`];
    });
    const allowed = status.hierarchies.filter(({ nodes }) => nodes.some((one) => one.node === name));
    around.out.print(
      ...line('node', isThis ? `${name}, this node` : name),
      ...line('state', node.state),
      ...line('mode', node.mode),
      ...line('owns', owns.join(', ')),
      ...line('may run', allowed.map(({ id }) => id).join(', ')),
      ...(isThis ? line('resources', states.join(', ')) : []),
      ...(isThis
        ? line(
            'agent',
            `${agent === 'running' ? phase : agent}, ${version}, pid ${pid}, since ${sayTime(startedAt)}`,
          )
        : []),
    );
  }
  return agent === 'running' ? exitCodes.done : exitCodes.agentDown;
}
