import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Lab, type LabNode, openLab, startAgent } from '../src/index.ts';
import { startedAt } from '../src/startedAt.ts';

/** Stands in for the agent where only the lab's side of the bargain matters: scripts that say what they are told. */
const script = (text: string): ['sh', '-c', string] => ['sh', '-c', text];
const sayReady = `echo '{"event":"ready"}'`;
const forever = 'while :; do sleep 0.01; done';

let lab: Lab;
let alpha: LabNode;

beforeAll(async () => {
  lab = await openLab();
  alpha = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
});

afterAll(async () => {
  await lab.close();
});

test('an agent is given its configuration, and is there once it says that it is ready', async () => {
  const command = script(`cat /etc/holdfast/agent.yaml; echo starting; ${sayReady}; ${forever}`);
  const agent = await startAgent(alpha, { command, config: { kits: ['./mine'] } });
  const written = agent.log().split('starting')[0]!;
  expect(JSON.parse(written)).toEqual({ node: 'alpha', kits: ['./mine'] });
  expect(startedAt(agent.pid)).toBeDefined();
  await agent.kill();
  expect(startedAt(agent.pid)).toBeUndefined();
});

test('stop() lets it end in its own way, and waits for that', async () => {
  const command = script(`trap 'echo stopping; exit 7' TERM; ${sayReady}; ${forever}`);
  const agent = await startAgent(alpha, { command });
  const ended = await agent.stop();
  expect(ended.exitCode).toBe(7);
  expect(agent.log()).toContain('stopping');
  expect(await agent.stop()).toBe(ended);
});

test('stop() of one that does not end is an error after its bound', async () => {
  const agent = await startAgent(alpha, { command: script(`trap '' TERM; ${sayReady}; ${forever}`) });
  await expect(agent.stop(100)).rejects.toThrow('did not stop');
  const ended = await agent.kill();
  expect(ended.signal).toBe('SIGKILL');
});

test('one that ends before it is ready is an error with its last words', async () => {
  const command = script('echo "no such kit"; echo "read the manual" >&2; exit 3');
  const begun = startAgent(alpha, { command });
  await expect(begun).rejects.toThrow(/ended first \(exit 3\).*no such kit.*read the manual/s);
});

test('one that is never ready is killed after the bound', async () => {
  const command = script(`echo "still thinking"; ${forever}`);
  const begun = startAgent(alpha, { command, readyWithinMs: 200 });
  await expect(begun).rejects.toThrow(/within 200 ms.*still thinking/s);
  const left = await alpha.run(['ps', '-e', '-o', 'args='], { budgetMs: 5_000 });
  expect(left.stdout).not.toContain('still thinking');
});
