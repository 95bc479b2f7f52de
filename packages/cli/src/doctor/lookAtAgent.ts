import { readFile } from 'node:fs/promises';
import type { AgentPaths, Client, Trouble } from '@holdfast/client';
import type { Status } from '@holdfast/core';
import { parse } from 'yaml';
import { version } from '../program/version.ts';
import { isAsWanted } from '../status/isAsWanted.ts';
import { count } from '../text/count.ts';
import { saySpan } from '../text/saySpan.ts';
import { type DoctorFinding, problem, warning, well } from './finding.ts';

/** The agent, its settings and its configuration; and the trouble, when it cannot be asked. */
export async function lookAtAgent(
  paths: AgentPaths,
  client: Client,
  now: () => number,
): Promise<{ findings: DoctorFinding[]; status?: Status; trouble?: Trouble }> {
  const settings = await lookAtSettings(paths.settings);
  const asked = await client.status();
  if (!asked.ok) {
    const findings = asked.trouble.problems.map(({ what, why, todo }) =>
      problem('agent', `${what}: ${why}`, todo),
    );
    return { findings: [...settings, ...findings], trouble: asked.trouble };
  }
  const status = asked.value;
  return { findings: [...settings, ...lookAtStatus(status, now())], status };
}

/** The agent checks all of it when it starts; here is seen that the next start will find something to read. */
async function lookAtSettings(file: string): Promise<DoctorFinding[]> {
  try {
    parse(await readFile(file, 'utf8'));
    return [well('settings', `${file} can be read`)];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [well('settings', `there is no ${file}: all settings have their defaults`)];
    const todo = code === undefined ? 'correct its syntax' : 'see to its permissions';
    return [problem('settings', `${file} cannot be read: ${message.split('\n')[0]}`, todo)];
  }
}

function lookAtStatus(status: Status, now: number): DoctorFinding[] {
  const { agent, node, generation, nodes, resources } = status;
  const paused = resources.filter((one) => one.paused !== undefined);
  const unmet = resources.filter((one) => !isAsWanted(one));
  return [
    well('agent', `the agent of ${node} is ${agent.phase}, for ${saySpan(now - agent.startedAt)}`),
    agent.version === version()
      ? well('version', `commands and agent are of version ${agent.version}`)
      : warning(
          'version',
          `the commands are of version ${version()}, the agent of ${agent.version}`,
          'start the agent of the installed version: holdfast agent stop, then start it again',
        ),
    generation === 0
      ? warning(
          'configuration',
          'nothing was applied yet',
          'describe resources in a file, and holdfast apply FILE',
        )
      : well(
          'configuration',
          `generation ${generation}: ${count(resources.length, 'resource')}, ${count(nodes.length, 'node')}`,
        ),
    ...(status.warnings ?? []).map(({ code, says, todo }) => warning(code, says, todo)),
    ...(paused.length === 0
      ? []
      : [
          warning(
            'pauses',
            `${count(paused.length, 'resource')} without protection: ${namesOf(paused)}`,
            'holdfast resume, when the work is done',
          ),
        ]),
    unmet.length === 0
      ? well('states', 'all is as wanted')
      : problem('states', `not as wanted: ${namesOf(unmet)}`, 'see holdfast status for why, and what to do'),
  ];
}

function namesOf(resources: readonly { tag: string }[]): string {
  const tags = resources.map(({ tag }) => tag);
  return tags.length <= 5 ? tags.join(', ') : `${tags.slice(0, 5).join(', ')} and ${tags.length - 5} more`;
}
