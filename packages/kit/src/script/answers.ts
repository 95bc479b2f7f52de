import {
  type CheckResult,
  done,
  failed,
  found,
  type KitCall,
  type Outcome,
  type Readiness,
} from '../contract.ts';
import { actionCodes, checkCodes, preflightCodes, sayCodes } from './exitCodes.ts';
import { runScript, type Script, type ScriptEnd } from './runScript.ts';

/** Runs restore, remove or recover, and reads its exit code. */
export async function act(call: KitCall<unknown>, script: Script): Promise<Outcome> {
  const end = await runScript(call, script);
  const todo = end.said.todo ?? `see why ${script.path} says so; its folder has a README`;
  if (end.exitCode === undefined) {
    if (end.ending === 'signalled') throw fault(end, actionCodes);
    return failed(withWords(end.says, end), todo);
  }
  const result = actionCodes[end.exitCode];
  if (result === undefined) throw fault(end, actionCodes);
  return result === 'done' ? done(evidenceOf(end)) : failed(evidenceOf(end), todo);
}

/** Runs quickCheck or deepCheck, and reads its exit code. */
export async function check(call: KitCall<unknown>, script: Script): Promise<CheckResult> {
  const end = await runScript(call, script);
  const { conditions } = end.said;
  if (end.ending === 'budget') return found('timeout', withWords(end.says, end), conditions);
  // It says nothing about the resource that nobody wanted the answer, or that this node cannot run the check.
  if (end.ending === 'aborted' || end.ending === 'not-started') return found('unknown', end.says, conditions);
  const finding = end.exitCode === undefined ? undefined : checkCodes[end.exitCode];
  if (finding === undefined) throw fault(end, checkCodes);
  return found(finding, evidenceOf(end), conditions);
}

/** Runs preflight, and reads its exit code. */
export async function judgeReadiness(call: KitCall<unknown>, script: Script): Promise<Readiness> {
  const end = await runScript(call, script);
  const { todo, warnings, rank } = end.said;
  const notReady = { ready: false, todo: todo ?? `see why ${script.path} says so`, rank: 0, warnings };
  if (end.exitCode === undefined) {
    if (end.ending === 'signalled') throw fault(end, preflightCodes);
    return { ...notReady, evidence: withWords(end.says, end) };
  }
  const result = preflightCodes[end.exitCode];
  if (result === undefined) throw fault(end, preflightCodes);
  const evidence = evidenceOf(end);
  if (result === 'not-ready') return { ...notReady, evidence };
  return { ready: true, evidence, todo: todo ?? '', rank: rank ?? 100, warnings };
}

function fault(end: ScriptEnd, codes: Readonly<Record<number, string>>): Error {
  const words = end.said.evidence === '' ? '' : `; it said: ${end.said.evidence}`;
  return new Error(`${end.says}, which means nothing here (${sayCodes(codes)})${words}`);
}

function evidenceOf(end: ScriptEnd): string {
  return end.said.evidence === '' ? `${end.says} and said nothing` : end.said.evidence;
}

function withWords(says: string, { said }: ScriptEnd): string {
  return said.evidence === '' ? says : `${says}; it said: ${said.evidence}`;
}
