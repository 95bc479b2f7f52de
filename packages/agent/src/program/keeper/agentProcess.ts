import type { AgentCommand, ToKeeper } from './messages.ts';
import { startApart } from './startApart.ts';
import { startedAt } from './startedAt.ts';

type Hello = Extract<ToKeeper, { kind: 'hello' }>;
type Say = (event: string, fields: object) => void;

/** The agent's process, as it told of itself. */
export class AgentProcess {
  readonly #log: string;
  readonly #say: Say;
  #hello: Hello | undefined;

  constructor(log: string, say: Say) {
    this.#log = log;
    this.#say = say;
  }

  is(hello: Hello): void {
    this.#hello = hello;
  }

  /** No other process that has its number now. A stopped one hears no other signal than KILL. */
  kill(): void {
    if (this.#hello === undefined || startedAt(this.#hello.pid) !== this.#hello.startedAt) return;
    try {
      process.kill(this.#hello.pid, 'SIGKILL');
    } catch (error) {
      this.#say('agent-not-killed', { error: String(error) });
    }
  }

  start(): void {
    const again = this.#hello?.again;
    if (again !== undefined) void this.#start(again);
  }

  /** With the priority of any program, and no more spared than that. */
  async #start({ argv, cwd, env }: AgentCommand): Promise<void> {
    const how = { log: this.#log, umask: '022', nice: 0, oomScore: 0, cwd, env } as const;
    const { ok, says } = await startApart(argv, how);
    this.#say('agent-started', { ok, says });
  }
}
