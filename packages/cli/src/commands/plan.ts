import { type Forecast, forecast, readWorld, type SaidPlan } from '@holdfast/core';
import { readInput, withDashNamed } from '../document/readInput.ts';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { showPlan } from '../follow/showPlan.ts';
import { reportProblems } from '../problems/reportProblems.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { count } from '../text/count.ts';

/** The planner without an agent: what the nodes of a described cluster would do. */
export async function plan(around: Surroundings): Promise<ExitCode> {
  const parsed = await parsePlan(withDashNamed(around));
  if (!parsed.ok) return parsed.exitCode;
  const { file, json: isJson = false } = parsed.options;
  const refused = { isJson, exitCode: exitCodes.usage, ending: 'nothing was planned' };

  const yaml = await readInput(file, around);
  if (!yaml.ok) return reportProblems(around, { ...refused, problems: yaml.problems });
  const world = readWorld(yaml.value);
  if (!world.ok) return reportProblems(around, { ...refused, problems: world.problems.map(yaml.placeOf) });
  const { configuration } = world.value;
  const said = forecast(world.value);
  around.out.print(...(isJson ? [toJson(said)] : show(said, around, configuration.nodes)));
  return exitCodes.done;
}

function parsePlan(around: Surroundings) {
  return parse(around, 'holdfast plan', (parser) =>
    parser
      .usage(
        'Usage: holdfast plan --file WORLD [--json]\n\n' +
          'Shows what Holdfast would do in a cluster that WORLD describes (YAML; - for\n' +
          'standard input): the steps of all nodes, their order, and what will not happen\n' +
          'and why. It needs no agent, and touches nothing.\n\n' +
          'WORLD has nodes and resources as a configuration has them (type and settings\n' +
          'may be left out), and\n' +
          '  states: { alpha: { disk: ISP } }       left out: OSU\n' +
          '  intent: { disk: { inService: alpha } } or outOfService; left out: the latter\n' +
          '  events: [{ nodeDown: alpha }, { failed: disk }]',
      )
      .option('file', {
        alias: 'f',
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'The world',
      })
      .option('json', { type: 'boolean', describe: 'As one JSON document: steps and blocked' })
      .example('holdfast plan --file world.yaml', 'What would happen?')
      .example('holdfast plan --file - --json < world.yaml', 'The same, for a program'),
  );
}

function toJson({ steps, blocked }: Forecast): string {
  return JSON.stringify({
    steps: steps.map(({ id, node, tag, action, after, because }) => ({
      id,
      node,
      tag,
      action,
      after,
      because: because.says,
    })),
    blocked: blocked.map(({ tag, because }) => ({ tag, because: because.says })),
  });
}

function show({ steps, blocked }: Forecast, { out }: Surroundings, nodes: readonly string[]): string[] {
  const said = { steps, notes: blocked } as unknown as SaidPlan;
  const lines = showPlan(said, out.width, { isManyNodes: nodes.length > 1 });
  if (steps.length === 0) return ['nothing to do', ...lines];
  const where = [...new Set(steps.map(({ node }) => node))].sort().join(' and ');
  return [out.paint.strong(`${count(steps.length, 'step')} on ${where}`), ...lines];
}
