import { kitConformance } from '@holdfast/kit/conformance';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { address, type Bench, greeting, openBench, other, pidFile, settings } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
}, 60_000);
afterAll(() => bench?.lab.close());

/** The number in the file has blanks before it, which pkill does not read. */
const signal = (name: string): [string, ...string[]] => ['sh', '-c', `kill -${name} $(cat ${pidFile})`];

/**
 * A signal is only sent when kill ends: on a busy machine the process hears it a moment later, and an idle child
 * of it goes on answering all the while. It is frozen when the kernel says so.
 */
const freezeAndSee =
  'pid=$(tr -d " " <"$0"); kill -STOP "$pid"; until grep -q "^State:.T" "/proc/$pid/status"; do sleep 0.01; done';

kitConformance({
  kit: 'postfix',
  host: () => bench.node,
  world: () => ({
    settings,
    serves: ['bash', greeting, address],
    same: ['bash', greeting, address, pidFile],
    breakIt: signal('KILL'),
    freeze: ['sh', '-c', freezeAndSee, pidFile],
    unfreeze: signal('CONT'),
    bystanders: [{ name: 'another Postfix', probe: ['bash', greeting, other.address, other.pidFile] }],
    wrongSettings: [
      { configDirectory: 'srv/mail' },
      { configDirectory: '/srv/mail/' },
      { queueDirectory: '/' },
      { queueMountPoint: '/srv/a b' },
      { ports: [25] },
      { ports: ['0'] },
      { ports: ['10.77.0.50:70000'] },
      { bannerTimeoutMs: 0 },
      { deferredMax: 1.5 },
      { configdirectory: '/srv/mail/etc' },
    ],
  }),
  framework: { describe, beforeAll, test, expect },
});
