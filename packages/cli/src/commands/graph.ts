import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { drawDot } from '../graph/drawDot.ts';
import { drawSvg } from '../graph/drawSvg.ts';
import { drawText } from '../graph/drawText.ts';
import { layOut } from '../graph/layOut.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { unknownTag } from '../problems/unknownTag.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { findStatus } from '../status/findStatus.ts';
import { sayAgent } from '../status/sayAgent.ts';

export async function graph(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast graph', (parser) =>
    parser
      .usage(
        'Usage: holdfast graph [TAG] [--svg | --dot]\n\n' +
          'Draws the hierarchy of a resource, what is needed below what needs it; without a\n' +
          'tag, every hierarchy. What several need is drawn whole once, and named after that.',
      )
      .command('$0 [tag]', false)
      .positional('tag', { type: 'string', describe: 'Any resource of the hierarchy' })
      .option('svg', { type: 'boolean', describe: 'As a picture' })
      .option('dot', { type: 'boolean', describe: 'For Graphviz' })
      .conflicts('svg', 'dot')
      .option('json', { type: 'boolean', describe: 'The layout as JSON, holdfast.graph/1' })
      .example('holdfast graph mail', 'What mail rests on')
      .example('holdfast graph --svg > hierarchies.svg', 'A picture of everything'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { tag, svg = false, dot = false, json: isJson = false } = parsed.options;
  const found = await findStatus(around, { showsChecks: false });
  if (!found.ok) return reportTrouble(around, { trouble: found.trouble, isJson });
  const { status, agent } = found.value;
  const root = status.resources.find((one) => one.tag === tag);
  if (tag !== undefined && root === undefined) {
    const known = status.resources.map((one) => one.tag);
    return reportTrouble(around, { trouble: await unknownTag(tag, known), isJson });
  }
  const layout = layOut(
    status.resources.filter(({ hierarchy }) => root === undefined || hierarchy === root.hierarchy),
  );
  around.err.print(...sayAgent(found.value, around.err));
  if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.graph/1', ...layout }));
  else if (svg) around.out.print(...drawSvg(layout));
  else if (dot) around.out.print(...drawDot(layout));
  else if (layout.boxes.length === 0) around.out.print('no resources');
  else around.out.print(...drawText(layout, around.out));
  return agent === 'running' ? exitCodes.done : exitCodes.agentDown;
}
