import { fileURLToPath } from 'node:url';
import { openLab, startAgent } from '@holdfast/lab';
import { expectThat, must, say, typed } from '@holdfast/lab/tell';

/* See README.md: a kit of one's own is tried, and protects a real server. */

const own = fileURLToPath(new URL('.', import.meta.url));
const kit = '/opt/holdfast-redis';
const untilItAnswers = 'until redis-cli -p 6380 GET greeting 2>&1 | grep hello; do sleep 0.02; done';

const lab = await openLab();
try {
  const alpha = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  await must(alpha, 'cp', '-R', '--no-preserve=ownership', own, kit);

  say('The kit is tried on a real redis-server, every rule:');
  await typed(alpha, 'holdfast', 'kit', 'test', kit);

  say('A resource of the new type, described and brought into service:');
  const agent = await startAgent(alpha, { config: { kits: [kit] } });
  await must(alpha, 'install', '-d', '-o', 'redis', '-g', 'redis', '/srv/redis');
  await typed(alpha, 'holdfast', 'apply', `${kit}/redis.yaml`);
  await typed(alpha, 'perform_action', '-t', 'sessions', '-a', 'restore');
  await typed(alpha, 'redis-cli', '-p', '6380', 'SET', 'greeting', 'hello');

  say('Its process is killed, and it comes back with what it had:');
  const before = await must(alpha, 'head', '-n', '1', '/srv/redis/redis.pid');
  await typed(alpha, 'pkill', '-KILL', '-F', '/srv/redis/redis.pid');
  const killedAt = performance.now();
  await typed(alpha, 'timeout', '30', 'sh', '-c', untilItAnswers);
  say(`It served again after ${Math.round(performance.now() - killedAt)} ms.`);
  expectThat(
    before !== (await must(alpha, 'head', '-n', '1', '/srv/redis/redis.pid')),
    'it is another process',
  );

  await typed(alpha, 'perform_action', '-t', 'sessions', '-a', 'remove');
  const processes = await must(alpha, 'ps', '-e', '-o', 'comm=');
  expectThat(!processes.includes('redis'), 'no server is left');
  await agent.stop();
} finally {
  await lab.close();
}
say('The lab is closed; nothing of it is left.');
