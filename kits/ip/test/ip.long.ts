import { kitConformance } from '@holdfast/kit/conformance';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Bench, openBench, resetBench, v6 } from './bench.ts';

let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
  await resetBench(bench);
}, 30_000);
afterAll(() => bench?.lab.close());

// Each restore waits for the second in which the kernel asks, which makes this one of the long tests.
kitConformance({
  kit: 'ip',
  host: () => bench.alpha.node,
  world: () => ({
    settings: v6,
    serves: ['ping', '-n', '-q', '-c', '1', '-W', '1', '-I', 'fd00:77::50', 'fd00:77::1'],
    same: ['ip', '-json', '-6', 'addr', 'show', 'dev', 'eth0'],
    breakIt: ['ip', 'addr', 'del', v6.address, 'dev', 'eth0'],
    bystanders: [
      {
        name: "the node's own IPv6 address",
        probe: ['ip', 'route', 'get', 'fd00:77::1', 'from', 'fd00:77::11'],
      },
    ],
    wrongSettings: [{ address: 'fd00:77::50' }],
  }),
  framework: { describe, beforeAll, test, expect },
});
