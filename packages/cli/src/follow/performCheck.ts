import type { Client } from '@holdfast/client';
import type { CheckAnswer } from '@holdfast/core';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { resultLine } from '../problems/resultLine.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { plain } from '../text/plain.ts';
import { saySpan } from '../text/saySpan.ts';
import { wrap } from '../text/wrap.ts';

export type CheckRequest = Readonly<{ tag: string; action: 'quickCheck' | 'deepCheck'; args: string[] }>;

export type Performing = Readonly<{ around: Surroundings; client: Client; isJson: boolean }>;

/** One check now. Degraded still serves; anything else that is not in service is a failure to the caller. */
export async function performCheck(
  { around, client, isJson }: Performing,
  request: CheckRequest,
): Promise<ExitCode> {
  const answer = await client.check(request);
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  const serves = answer.value.finding === 'in-service' || answer.value.finding === 'degraded';
  const exitCode = serves ? exitCodes.done : exitCodes.failed;
  if (isJson) {
    const { tag, action } = request;
    around.out.print(
      resultLine({ exitCode, result: serves ? 'done' : 'failed', tag, action, ...answer.value }),
    );
  } else around.out.print(...sayCheck(request, answer.value, around, serves));
  return exitCode;
}

function sayCheck(
  { tag, action }: { tag: string; action: string },
  { finding, evidence, tookMs }: CheckAnswer,
  { out }: Surroundings,
  serves: boolean,
): string[] {
  const paint = serves ? out.paint.good : out.paint.bad;
  return [
    `${action} of ${tag}: ${paint(finding)}  (${saySpan(tookMs)})`,
    ...(evidence === '' ? [] : wrap(plain(evidence), { first: '  why   ', width: out.width })),
  ];
}
