import type { Client } from '@holdfast/client';
import type { SaidProblem } from '@holdfast/core';

/** Asks a node whether it could run a hierarchy as a document would have it. Answers what is against it. */
export async function whyNotReady(
  client: Client,
  asked: Readonly<{ node: string; tag: string; document: unknown }>,
): Promise<readonly SaidProblem[]> {
  const answer = await client.preflight(asked);
  if (!answer.ok) return answer.trouble.problems;
  const { node } = asked;
  return answer.value.resources
    .filter(({ ready }) => !ready)
    .map(({ tag, evidence, todo }) => ({
      code: 'NOT_READY',
      path: `resources.${tag}`,
      what: `${node} is not ready for ${tag}`,
      why: evidence,
      todo: todo === '' ? `mend that on ${node}, and try again` : todo,
    }));
}
