import { isAbsolute, join } from 'node:path';
import type { FenceDevice, FencingSettings, Problem } from '@holdfast/core';
import { findDistrust, run } from '@holdfast/kit';
import type { FenceAnswer, Fencer } from '../../index.ts';
import { readSecret } from '../notify/readSecret.ts';
import { findMissing } from './findMissing.ts';

/** Where Debian's packages put the programs. */
const folder = '/usr/sbin';
const metadataBudgetMs = 10_000;
const saysMax = 300;

/**
 * Fence devices by the contract of the package fence-agents: parameters as lines of name=value on the standard input,
 * what to do among them, and an exit code. Nothing is an argument, so no list of processes shows a secret.
 */
export function openFencer(): Fencer {
  return {
    run: async ({ device, action, node }, signal) => {
      const values = await valuesOf(device).catch((error: Error) => error);
      if (values instanceof Error) return unable(values.message);
      const path = pathOf(device.agent);
      const distrust = await findDistrust(path);
      if (distrust !== undefined) return unable(distrust);
      const lines = [...Object.entries(values.all), ['nodename', node], ['action', action]];
      const ended = await run([path], {
        input: lines.map(([name, value]) => `${name}=${value}\n`).join(''),
        budgetMs: device.timeout,
        signal,
        cwd: '/',
      });
      const { ok, exitCode, tookMs } = ended;
      return { ok, exitCode, tookMs, says: withoutSecrets(ended.says, values.secrets).slice(0, saysMax) };
    },
    findProblems: async ({ nodes }: FencingSettings) => {
      const uses = [...nodes].flatMap(([node, { levels }]) =>
        levels.flatMap((level, index) =>
          level.map((device) => ({ device, path: `fencing.nodes.${node}.levels.${index}` })),
        ),
      );
      const agents = [...new Set(uses.map(({ device }) => device.agent))];
      const known = new Map(
        await Promise.all(agents.map(async (agent) => [agent, await describe(agent)] as const)),
      );
      return uses.flatMap(({ device, path }): readonly Problem[] => {
        const described = known.get(device.agent)!;
        if ('problem' in described)
          return [{ ...described.problem, path: `fencing.devices.${device.name}.agent` }];
        return findMissing(described.metadata, device).map((name) => missing(path, device, name));
      });
    },
  };
}

function pathOf(agent: string): string {
  return isAbsolute(agent) ? agent : join(folder, agent);
}

/** What stands in files is read at each try, so that it can be changed. */
async function valuesOf({ parameters }: FenceDevice) {
  const all: Record<string, string> = {};
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value === 'string') {
      all[name] = value;
      continue;
    }
    const secret = await readSecret(value.file);
    // A second line would be read as another parameter.
    if (/[\n\r\0]/.test(secret)) throw new Error(`the secret in ${value.file} has more than one line`);
    all[name] = secret;
    secrets.push(secret);
  }
  return { all, secrets };
}

/** A program that says what it was told must not put it in a log. */
function withoutSecrets(says: string, secrets: readonly string[]): string {
  return secrets.reduce((text, secret) => text.replaceAll(secret, '***'), says);
}

function unable(says: string): FenceAnswer {
  return { ok: false, exitCode: undefined, says, tookMs: 0 };
}

async function describe(agent: string) {
  const path = pathOf(agent);
  const distrust = await findDistrust(path);
  if (distrust !== undefined) return { problem: unusable(agent, distrust) };
  const asked = await run([path], { input: 'action=metadata\n', budgetMs: metadataBudgetMs, cwd: '/' });
  return asked.ok ? { metadata: asked.stdout } : { problem: unusable(agent, asked.says) };
}

function unusable(agent: string, why: string): Problem {
  return {
    code: 'BAD_FENCING',
    path: '',
    what: `The fence agent ${agent} cannot be used from here`,
    why,
    todo: `install it (apt-get install fence-agents), or correct the name; try it by hand: echo action=metadata | ${pathOf(agent)}`,
  };
}

function missing(path: string, device: FenceDevice, name: string): Problem {
  return {
    code: 'BAD_FENCING',
    path,
    what: `The fence device ${device.name} lacks the parameter ${name}`,
    why: `${device.agent} says that it needs it`,
    todo: `write it under fencing.devices.${device.name}.parameters, or with the use of the device: { device: ${device.name}, parameters: { ${name}: ... } }`,
  };
}
