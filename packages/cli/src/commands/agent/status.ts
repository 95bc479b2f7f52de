import { type ExitCode, exitCodes } from '../../exitCodes.ts';
import { reportTrouble } from '../../problems/reportTrouble.ts';
import { parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';
import { findStatus } from '../../status/findStatus.ts';
import { saySpan } from '../../text/saySpan.ts';
import { sayTime } from '../../text/sayTime.ts';

export async function status(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast agent status', (parser) =>
    parser
      .usage(
        'Usage: holdfast agent status\n\n' +
          'Says whether the agent of this node runs, and since when. Exits with 4 when it\n' +
          'does not.',
      )
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.agent/1' })
      .example('holdfast agent status', 'Is it there?'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const isJson = parsed.options.json === true;
  const found = await findStatus(around, { showsChecks: false });
  if (!found.ok) return reportTrouble(around, { trouble: found.trouble, isJson });
  const { status, agent, ageMs } = found.value;
  const { phase, version, pid, startedAt } = status.agent;
  const isRunning = agent === 'running';
  if (isJson)
    around.out.print(
      JSON.stringify({
        schema: 'holdfast.agent/1',
        node: status.node,
        agent: isRunning ? phase : agent,
        version,
        pid,
        startedAt,
        generation: status.generation,
        socket: around.paths.socket,
      }),
    );
  else {
    const { good, bad } = around.out.paint;
    const now = around.now();
    around.out.print(
      `agent       ${isRunning ? good(phase) : bad(agent)}`,
      `node        ${status.node}`,
      `version     ${version}`,
      ...(isRunning
        ? [`pid         ${pid}`, `since       ${sayTime(startedAt)} (${saySpan(now - startedAt)})`]
        : [`last word   ${saySpan(ageMs)} ago`, 'to do       start it: holdfast agent']),
      `socket      ${around.paths.socket}`,
      `generation  ${status.generation}`,
    );
  }
  return isRunning ? exitCodes.done : exitCodes.agentDown;
}
