import type { Client } from '@holdfast/client';
import type { Status } from '@holdfast/core';
import { type DoctorFinding, problem, warning, well } from './finding.ts';

/** So many kits are asked at the same time: a preflight may start programs. */
const atOnce = 4;

/** Asks the kit of every resource whether this node could run it: programs, versions, devices, ports, rights. */
export async function lookAtResources(
  client: Client,
  { resources }: Status,
  by: string,
): Promise<DoctorFinding[]> {
  const findings: DoctorFinding[][] = [];
  const waiting = resources.map(({ tag }, index) => ({ tag, index }));
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      findings[next.index] = await ask(client, next.tag, by);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return findings.flat();
}

async function ask(client: Client, tag: string, by: string): Promise<DoctorFinding[]> {
  const check = `resource ${tag}`;
  const answer = await client.perform({ tag, action: 'preflight', by });
  if (!answer.ok) {
    const { problems } = answer.trouble;
    if (problems.every(({ code }) => code === 'UNKNOWN_ACTION'))
      return [well(check, `${tag}: its kit has no preflight`)];
    return problems.map(({ what, why, todo }) => problem(check, `${what}: ${why}`, todo));
  }
  if (answer.value.kind !== 'readiness') return [];
  const { ready, evidence, todo, warnings } = answer.value;
  return [
    ready
      ? well(check, `${tag} can run here: ${evidence}`)
      : problem(check, `${tag} cannot run here: ${evidence}`, todo),
    ...warnings.map((says) => warning(check, `${tag}: ${says}`, 'see the README of its kit')),
  ];
}
