import { join } from 'node:path';
import type { Started } from '@holdfast/kit';
import { must } from '../labHost.ts';
import type { Lab } from '../openLab.ts';

/** Something that a client got from the cluster, and when. */
export type Answer = Readonly<{ number: number; at: number }>;

/** What a client uses: who has the address is none of its business. */
type Served = Readonly<{ trio: Readonly<{ lab: Lab }>; address: string }>;

/** A client outside of the cluster that asks without end, and what it was answered. */
export class Outside {
  readonly answers: Answer[] = [];
  /** Its answers are rows that must be there for good. */
  readonly writes: boolean;
  readonly #started: Started;

  private constructor(writes: boolean, start: (onOutput: (text: string) => void) => Started, line: RegExp) {
    this.writes = writes;
    let rest = '';
    this.#started = start((text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const one of lines) {
        const { number, at, seconds } = line.exec(one)?.groups ?? {};
        if (number !== undefined)
          this.answers.push({
            number: Number(number),
            at: at === undefined ? Number(seconds) * 1_000 : Number(at),
          });
      }
    });
  }

  /** Makes a table and writes rows into it. */
  static async writer({ trio: { lab }, address }: Served): Promise<Outside> {
    const table = ['psql', '-h', address, '-U', 'postgres', '-XAtc', 'create table seen (row int)'] as const;
    await must(lab.client, table, { budgetMs: 10_000 });
    const argv = [process.execPath, join(import.meta.dirname, 'writeRows.ts'), address] as const;
    return new Outside(
      true,
      (onOutput) => lab.client.start(argv, { keepInputOpen: true, onOutput }),
      /^(?<number>\d+) (?<at>[\d.]+)$/,
    );
  }

  /** Where nothing but an address is kept: who has it answers, by the kernel alone. */
  static pinger({ trio: { lab }, address }: Served): Outside {
    const argv = ['ping', '-n', '-D', '-i', '0.01', address] as const;
    return new Outside(
      false,
      (onOutput) => lab.client.start(argv, { onOutput }),
      /^\[(?<seconds>[\d.]+)\] .* icmp_seq=(?<number>\d+) .*time=/,
    );
  }

  /** Waits until something is answered after a moment. */
  async answered(since: number, withinMs = 60_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!((this.answers.at(-1)?.at ?? 0) > since)) {
      if (performance.now() > deadline) throw new Error(`nothing was answered within ${withinMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** The longest time without an answer from a moment on; what was answered last before it is where it begins. */
  longestGap(since: number): number {
    const times = this.answers.map(({ at }) => at);
    return Math.max(...times.map((at, index) => (at < since ? 0 : at - (times[index - 1] ?? at))));
  }

  since(moment: number): readonly Answer[] {
    return this.answers.filter(({ at }) => at >= moment);
  }

  end(): void {
    this.#started.kill('SIGKILL');
  }
}
