import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { unknownTag } from '../problems/unknownTag.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { type FoundStatus, findStatus } from './findStatus.ts';
import { sayAgent } from './sayAgent.ts';

export type StatusCommand = Readonly<{
  isJson: boolean;
  /** Says when resources were checked last. */
  showsChecks: boolean;
  /** A resource that the reader asks for. */
  top?: string;
  show: (found: FoundStatus) => readonly string[];
}>;

/**
 * What all status commands do: find the status, show it, and say with words and exit code when it is what an agent
 * left behind. A status that is not the present one must not look like it to a script.
 */
export async function statusCommand(around: Surroundings, command: StatusCommand): Promise<ExitCode> {
  const { isJson, showsChecks, top, show } = command;
  const found = await findStatus(around, { showsChecks });
  if (!found.ok) return reportTrouble(around, { trouble: found.trouble, isJson });
  const { status, agent } = found.value;
  if (top !== undefined && !status.resources.some(({ tag }) => tag === top)) {
    const known = status.resources.map(({ tag }) => tag);
    return reportTrouble(around, { trouble: await unknownTag(top, known), isJson });
  }
  around.err.print(...sayAgent(found.value, around.err));
  around.out.print(...(isJson ? [JSON.stringify(status, null, 2)] : show(found.value)));
  return agent === 'running' && status.lastKnown === undefined ? exitCodes.done : exitCodes.agentDown;
}
