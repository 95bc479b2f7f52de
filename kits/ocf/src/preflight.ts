import type { KitCall, Readiness } from '@holdfast/kit';
import { callAgent } from './callAgent.ts';
import { checkParameters } from './checkParameters.ts';
import { sayCode, todoFor } from './exitCodes.ts';
import { limitOf } from './limits.ts';
import { monitor } from './monitor.ts';
import { type OpenAgent, openAgent } from './openAgent.ts';
import type { Settings } from './settings.ts';

type Look = Readonly<{ saw: string; missing?: string; todo?: string; warning?: string }>;

/**
 * The agent's own validate-all. On a node that stands by, a disk that is not mounted there makes it refuse; so what it
 * refuses is held against a probe, in which agents forgive what a node that stands by does not have.
 */
export async function preflight(call: KitCall<Settings>): Promise<Readiness> {
  const agent = await openAgent(call);
  if ('missing' in agent) return notReady(agent.missing, agent.todo, []);
  const { wrong, doubts, holds } = checkParameters(agent.metadata, call.settings.parameters);
  const missingActions = ['start', 'stop', 'monitor']
    .filter((name) => !agent.metadata.actions.some((action) => action.name === name))
    .map((name) => `the agent has no ${name}`);
  if (wrong.length > 0 || missingActions.length > 0)
    return notReady([...wrong, ...missingActions].join('; '), 'correct agent and parameters', doubts);

  const look = await validate(call, agent);
  const warnings = [...doubts, ...(look.warning === undefined ? [] : [look.warning])];
  if (look.missing !== undefined) return notReady(look.missing, look.todo ?? '', warnings);
  return {
    ready: true,
    evidence: [look.saw, `with ${holds.length === 0 ? 'no parameters' : holds.join(', ')}`].join('; '),
    todo: '',
    rank: Math.max(10, 100 - 20 * warnings.length),
    warnings,
  };
}

async function validate(call: KitCall<Settings>, agent: OpenAgent): Promise<Look> {
  if (!agent.metadata.actions.some(({ name }) => name === 'validate-all'))
    return { saw: 'the agent is there', warning: 'the agent has no validate-all: only a start will tell' };
  const answer = await callAgent(call, {
    file: agent.file,
    action: 'validate-all',
    parameters: agent.parameters,
    budgetMs: Math.min(call.budgetMs / 2, limitOf('validate-all', agent.metadata, call.settings)),
  });
  const { code, says } = answer;
  if (code === 0) return { saw: 'validate-all: 0 (success)' };
  const evidence = `validate-all: ${code === undefined ? '' : sayCode(code)}${says === '' ? '' : `: ${says}`}`;
  if (code === 3) return { saw: 'the agent is there', warning: `${evidence}: only a start will tell` };
  if (code === undefined || code === 2 || code === 6)
    return {
      saw: '',
      missing: evidence,
      todo: code === undefined ? 'look what it waits for' : todoFor(code),
    };
  const probe = await monitor(call, agent, { withinMs: call.budgetMs / 3, isProbe: true });
  const isForgiven = probe.evidence.includes(': 7 (') || probe.finding === 'in-service';
  if (!isForgiven) return { saw: '', missing: `${evidence}; ${probe.evidence}`, todo: todoFor(code) };
  return {
    saw: probe.evidence,
    warning: `${evidence}: right where what it needs is not in service here, else: ${todoFor(code)}`,
  };
}

function notReady(evidence: string, todo: string, warnings: readonly string[]): Readiness {
  return { ready: false, evidence, todo, rank: 0, warnings };
}
