import { quietPorts, Random, VirtualTime } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';
import type { KeptQueue, Message, SendResult, SentMessage } from '../../src/index.ts';
import { notice } from '../../src/notify/notice.ts';
import { Notifier } from '../../src/notify/notifier.ts';
import { sayAt, settingsOf } from './support.ts';

const sent: SendResult = { ok: true, final: true, says: 'sent' };
const down: SendResult = { ok: false, final: false, says: 'it answered 500' };

/** A notifier in virtual time, whose endpoint does as the test says. */
class Bench {
  readonly time = new VirtualTime();
  readonly got: SentMessage[] = [];
  readonly tries: number[] = [];
  disk: readonly Message[] = [];
  answer: (message: SentMessage, signal: AbortSignal) => Promise<SendResult> = async () => sent;
  notifier = this.open();

  open(more: Record<string, unknown> = {}): Notifier {
    const kept: KeptQueue = {
      read: async () => this.disk,
      write: (queue) => {
        this.disk = queue;
      },
      settled: async () => undefined,
    };
    const { log } = quietPorts;
    const clock = this.time.clock(() => false);
    this.notifier = new Notifier({
      settings: settingsOf(more),
      ports: { node: 'alpha', session: 's', clock, chance: new Random(1), log, sayAt },
      sender: {
        to: 'a test',
        send: async (message, signal) => {
          this.tries.push(this.time.now);
          const result = await this.answer(message, signal);
          if (result.ok) this.got.push(message);
          return result;
        },
      },
      kept,
    });
    return this.notifier;
  }

  happens(tag: string, kind: 'resource-failed' | 'condition' | 'given-up' = 'resource-failed'): void {
    this.notifier.take(
      notice(kind, this.time.clock(() => false).wall(), { tags: [tag], what: `${kind} ${tag}` }),
    );
  }

  pass(span: number): Promise<void> {
    return this.time.runUntil(this.time.now + span);
  }

  /** Messages of one notice each, until the queue is full of them. */
  async flood(count: number, kind: 'resource-failed' | 'condition' | 'given-up'): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      this.happens(`${kind}-${index}`, kind);
      await this.pass(3_000);
    }
  }
}

describe('a notifier', () => {
  test('tries again, later each time, until it is taken', async () => {
    const bench = new Bench();
    bench.answer = async () => (bench.tries.length < 5 ? down : sent);
    bench.happens('pg');
    await bench.pass(120_000);
    expect(bench.got).toHaveLength(1);
    const pauses = bench.tries.slice(1).map((at, index) => at - bench.tries[index]!);
    for (const [index, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(750 * 2 ** index);
      expect(pause).toBeLessThanOrEqual(1_250 * 2 ** index + 1);
    }
    expect(bench.notifier.state()).toMatchObject({
      sent: 1,
      failed: 4,
      dropped: 0,
      queued: 0,
      state: 'idle',
    });
  });

  test('gives an endpoint that hangs its time and no more, and tells it to stop', async () => {
    const bench = new Bench();
    let told = false;
    bench.answer = (_, signal) => {
      signal.addEventListener('abort', () => {
        told = true;
      });
      return new Promise(() => undefined);
    };
    bench.happens('pg');
    await bench.pass(3_000 + 15_000);
    expect(told).toBe(true);
    expect(bench.notifier.state()).toMatchObject({
      failed: 1,
      queued: 1,
      state: 'waiting',
      lastError: { says: 'no answer within 15000 ms' },
    });
  });

  test('does not try again what is refused for good, and goes on with the next', async () => {
    const bench = new Bench();
    bench.answer = async ({ notices }) =>
      notices[0]!.tags[0] === 'bad' ? { ok: false, final: true, says: 'it answered 400' } : sent;
    bench.happens('bad');
    await bench.pass(5_000);
    bench.happens('good');
    await bench.pass(5_000);
    expect(bench.tries).toHaveLength(2);
    expect(bench.got[0]).toMatchObject({ dropped: 1 });
    expect(bench.got[0]!.text).toContain('1 earlier message was dropped');
  });

  test('keeps a bounded queue, drops what matters least first, and tells how many', async () => {
    const bench = new Bench();
    bench.answer = async () => down;
    await bench.flood(5, 'given-up');
    await bench.flood(150, 'condition');
    expect(bench.notifier.state()).toMatchObject({ queued: 100, dropped: 55 });
    bench.answer = async () => sent;
    await bench.pass(400_000);
    expect(bench.got.filter(({ severity }) => severity === 'critical')).toHaveLength(5);
    expect(bench.got.at(-1)!.notices[0]!.tags).toEqual(['condition-149']);
    expect(bench.got[0]!.dropped).toBe(55);
    expect(bench.got[1]!.dropped).toBe(0);
  });

  test('lets go of what nobody took for a day', async () => {
    const bench = new Bench();
    bench.answer = async () => down;
    bench.happens('pg');
    await bench.pass(25 * 3_600_000);
    expect(bench.notifier.state()).toMatchObject({ queued: 0, dropped: 1 });
  });

  test('keeps what waits through a restart, and tells it before what is new', async () => {
    const bench = new Bench();
    bench.answer = async () => down;
    bench.happens('old');
    await bench.pass(10_000);
    bench.happens('gathered');
    const closed = bench.notifier.close(2_000);
    await bench.pass(2_000);
    await closed;
    expect(bench.disk).toHaveLength(2);
    bench.answer = async () => sent;
    bench.open();
    bench.happens('new');
    await bench.pass(10_000);
    expect(bench.got.map(({ notices }) => notices[0]!.tags[0])).toEqual(['old', 'gathered', 'new']);
    expect(bench.disk).toEqual([]);
  });

  test('is done with closing in time, though the endpoint hangs', async () => {
    const bench = new Bench();
    bench.answer = () => new Promise(() => undefined);
    bench.happens('pg');
    await bench.pass(4_000);
    let isClosed = false;
    void bench.notifier.close(2_000).then(() => {
      isClosed = true;
    });
    await bench.pass(2_000);
    expect(isClosed).toBe(true);
    expect(bench.disk).toHaveLength(1);
  });

  test('tests its endpoint beside the queue, and says how that went', async () => {
    const bench = new Bench();
    const testing = bench.notifier.test('eve');
    await bench.pass(0);
    expect(await testing).toMatchObject({ name: 'night', isSent: true, says: 'sent' });
    expect(bench.got[0]!.subject).toContain('a test by eve');
    bench.answer = async () => {
      throw new Error('no such host');
    };
    const failing = bench.notifier.test('eve');
    await bench.pass(0);
    expect(await failing).toMatchObject({ isSent: false, says: 'no such host' });
  });
});
