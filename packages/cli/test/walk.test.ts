import { rm, writeFile } from 'node:fs/promises';
import { type Lab, type LabAgent, type LabNode, openLab, startAgent } from '@holdfast/lab';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { expectGolden } from './support/golden.ts';
import { markKit } from './support/markKit.ts';
import { openTerminal, type Terminal } from './support/openTerminal.ts';

/*
 * A walk on a terminal, from the first start to an agent that is down; the screens are golden files, to be read like a
 * story. One step follows from the other. Times and ids are masked.
 */

let lab: Lab;
let node: LabNode;
let agent: LabAgent;
let terminal: Terminal;

const marks = '/srv/marks';
const mark = (name: string, needs: string) =>
  `  ${name}: { type: mark, ${needs}settings: { folder: ${marks}, name: ${name} } }`;
const document = `nodes: [alpha]
policy: { quickCheck: { every: 100ms } }
resources:
${mark('web', 'needs: [db], ')}
${mark('db', 'needs: [disk, ip], ')}
${mark('disk', '')}
${mark('ip', '')}
`;

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  await node.writeFile('/root/hierarchy.yaml', document);
  agent = await startAgent(node, { config: { kits: [markKit] } });
  terminal = await openTerminal(['nsenter', '-a', '-t', String(node.pid), '--']);
}, 60_000);

afterAll(async () => {
  await terminal?.close();
  await lab?.close();
});

/** What is another each time, by a word for it; blanks that only fill up the line go. */
function masked(screen: string): string[] {
  return screen
    .replace(/\b\d+([.]\d+)? (ms|s|min|h)( \d+ (s|min))?(?=[,)\s:]|$)/gm, 'SPAN')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, 'TIME')
    .replace(/\b[0-9a-f]{8}-\d+\b/g, 'NUMBER')
    .replace(/pid \d+/g, 'pid PID')
    .split('\n')
    .map((line) => line.replace(/(SPAN|NUMBER) +/g, '$1 ').trimEnd());
}

/** An empty screen, so that nothing of before can be taken for what is waited for. */
async function clear(): Promise<void> {
  await terminal.type('clear');
  await terminal.see(/^\$$/);
}

async function show(name: string, line: string, wanted: string | RegExp): Promise<void> {
  await clear();
  await terminal.type(line);
  expectGolden(`walk-${name}`, masked(await terminal.see(wanted)));
}

test('first start with nothing configured', async () => {
  await show('1-first-start', 'holdfast status', /holdfast apply FILE\n\$$/);
});

test('apply asks first, and says what is in force', async () => {
  await clear();
  await terminal.type('holdfast apply hierarchy.yaml');
  await terminal.see('[y/N]');
  await terminal.type('y');
  const screen = await terminal.see(/generation 1 is in force\n\$$/);
  expectGolden('walk-2-apply', masked(screen));
  await show('3-status', 'holdfast status', /not as wanted\n\$$|all as wanted\n\$$/);
});

test('restore shows each step', async () => {
  await clear();
  await terminal.type('holdfast restore web');
  const screen = await terminal.see(/restore web: done\n\$$/);
  // Two steps run at the same time: which of them is told first is chance.
  expect(masked(screen).sort()).toEqual(
    expect.arrayContaining(['restore web: done', '  begun     restore db']),
  );
  await show('4-graph', 'holdfast graph web', /ip {2}ISP\n\$$/);
});

test('a watch during a recovery shows what runs and what waits', async () => {
  await clear();
  await terminal.type('holdfast status --watch');
  await terminal.see('all as wanted');
  await writeFile(node.path(`${marks}/disk.hold`), '');
  await writeFile(node.path(`${marks}/disk`), 'broken');
  expectGolden(
    'walk-5-recovery',
    masked(await terminal.see(/recover under way[^$]*running {2}recover disk/)),
  );
  await rm(node.path(`${marks}/disk.hold`));
  const over = masked(await terminal.see(/all as wanted\n\nlast operation \S+: done[^$]*the mark is broken/));
  expectGolden('walk-6-recovered', over);

  const inNode = (...words: string[]) => node.run(['holdfast', ...words], { budgetMs: 60_000 });
  await inNode('remove', 'web', '--whole');
  await writeFile(node.path(`${marks}/disk.hold`), '');
  const restoring = inNode('restore', 'web');
  const waiting = masked(await terminal.see(/restore under way[^$]*1 of 4 steps over/));
  await rm(node.path(`${marks}/disk.hold`));
  await restoring;
  expectGolden('walk-6b-critical-path', waiting);
  await terminal.see('all as wanted');
  await terminal.press('C-c');
  await terminal.see(/\n\$$/);
});

test('a wrong tag is answered with the one that was meant', async () => {
  await show('7-wrong-tag', 'holdfast why wbe; echo $?', /\n3\n\$$/);
  await show('8-unknown-command', 'holdfast stauts; echo $?', /\n2\n\$$/);
});

test('an agent that is down: commands say how to start it, the status is what it left', async () => {
  await agent.kill();
  await show('9-agent-down', 'holdfast restore web; echo $?', /\n4\n\$$/);
  await show('10-what-it-left', 'lcdstatus -q; echo $?', /\n4\n\$$/);
});
