import type { ActionAnswer, AgentEvent } from '@holdfast/core';
import { type ExitCode, exitCodes } from '../../exitCodes.ts';
import { followOperation } from '../../follow/followOperation.ts';
import type { Performing } from '../../follow/performCheck.ts';
import { showEvent } from '../../follow/showEvent.ts';
import { reportTrouble } from '../../problems/reportTrouble.ts';
import { resultLine } from '../../problems/resultLine.ts';
import { plain } from '../../text/plain.ts';
import { saySpan } from '../../text/saySpan.ts';
import { wrap } from '../../text/wrap.ts';
import type { OtherRequest } from './toRequest.ts';

/** Any action of a kit that is no command and no check: on this resource, and nothing around it. */
export async function performOther(performing: Performing, request: OtherRequest): Promise<ExitCode> {
  const { around, client, isJson } = performing;
  const answer = await client.perform({ ...request, by: around.by });
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  switch (answer.value.kind) {
    case 'readiness':
      return tellReadiness(performing, request, answer.value);
    case 'operation':
      return follow(performing, request, answer.value);
  }
}

type Answered<Kind> = Extract<ActionAnswer, { kind: Kind }>;

function tellReadiness(
  { around, isJson }: Performing,
  { tag, action }: OtherRequest,
  { ready, evidence, todo, rank, warnings, tookMs }: Answered<'readiness'>,
): ExitCode {
  const { out } = around;
  const exitCode = ready ? exitCodes.done : exitCodes.failed;
  if (isJson) {
    const result = ready ? 'done' : 'failed';
    out.print(resultLine({ exitCode, result, tag, action, ready, evidence, todo, rank, warnings, tookMs }));
    return exitCode;
  }
  const says = (label: string, text: string) =>
    text === '' ? [] : wrap(plain(text), { first: `  ${label.padEnd(6)}`, width: out.width });
  const word = ready ? out.paint.good(`ready, rank ${rank}`) : out.paint.bad('not ready');
  out.print(
    `${action} of ${tag}: ${word}  (${saySpan(tookMs)})`,
    ...says('why', evidence),
    ...says('do', todo),
    ...warnings.flatMap((warning) => says('!', warning)),
  );
  return exitCode;
}

async function follow(
  { around, client, isJson }: Performing,
  { tag, action }: OtherRequest,
  { operation, fromEvent }: Answered<'operation'>,
): Promise<ExitCode> {
  const { out, err } = around;
  const tell = (event: AgentEvent) =>
    out.print(
      ...(isJson ? [JSON.stringify({ schema: 'holdfast.event/1', ...event })] : showEvent(event, out)),
    );
  const ending = await followOperation({ client, operation, fromEvent, signal: around.interrupted(), tell });
  const exitCode =
    ending === 'done'
      ? exitCodes.done
      : ending === 'interrupted'
        ? exitCodes.interrupted
        : ending === 'lost'
          ? exitCodes.agentDown
          : exitCodes.failed;
  if (isJson)
    out.print(resultLine({ exitCode, result: ending === 'cancelled' ? 'failed' : ending, tag, action }));
  else (exitCode === exitCodes.done ? out : err).print(`${action} ${tag}: ${ending}`);
  return exitCode;
}
