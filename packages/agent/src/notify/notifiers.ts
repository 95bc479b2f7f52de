import {
  type AgentEvent,
  type NotifierSettings,
  type NotifierState,
  type NotifierTestAnswer,
  type Status,
  sayDuration,
} from '@holdfast/core';
import type { Agent } from '../agent.ts';
import { type Notice, notice } from './notice.ts';
import { NoticeReader } from './noticesOf.ts';
import { type KeptQueue, Notifier, type NotifierPorts, type Sender } from './notifier.ts';

export type NotifiersPorts = NotifierPorts &
  Readonly<{
    senderOf: (settings: NotifierSettings) => Sender;
    /** The same for the same name, always. */
    keptOf: (name: string) => KeptQueue;
  }>;

const lookEveryMs = 60_000;
const remindEveryMs = 24 * 3_600_000;
const closeWithinMs = 2_000;

/** All who are told. Follows the agent's events and its configuration, and never holds up either. */
export class Notifiers {
  readonly #ports: NotifiersPorts;
  readonly #agent: Agent;
  readonly #reader = new NoticeReader();
  readonly #closed = new AbortController();
  readonly #reminded = new Map<string, number>();
  #notifiers: readonly Notifier[] = [];
  #leave: () => void = () => undefined;

  constructor(agent: Agent, ports: NotifiersPorts) {
    this.#agent = agent;
    this.#ports = ports;
  }

  /** Begins to tell, with what has happened since the agent was started. */
  begin(): void {
    this.#configure();
    for (const event of this.#agent.events.from(0)) this.#read(event);
    this.#leave = this.#agent.events.listen((event) => this.#read(event));
    void this.#remind();
  }

  states(): readonly NotifierState[] {
    return this.#notifiers.map((one) => one.state());
  }

  /** Undefined when there is none of that name. */
  test(name: string, by: string): Promise<NotifierTestAnswer> | undefined {
    return this.#notifiers.find(({ settings }) => settings.name === name)?.test(by);
  }

  async close(): Promise<void> {
    this.#leave();
    this.#closed.abort('closed');
    await Promise.all(this.#notifiers.map((one) => one.close(closeWithinMs)));
  }

  #read(event: AgentEvent): void {
    if (event.kind === 'configuration-applied') this.#configure();
    for (const one of this.#reader.read(event)) this.#tell(one);
  }

  #tell(one: Notice): void {
    for (const notifier of this.#notifiers) notifier.take(one);
  }

  /** A notifier whose settings are as they were goes on; another of the same name takes its queue over. */
  #configure(): void {
    const wanted = this.#agent.notifierSettings;
    const next = wanted.map((settings) => {
      const same = this.#notifiers.find((one) => JSON.stringify(one.settings) === JSON.stringify(settings));
      if (same !== undefined) return same;
      const before = this.#notifiers.find((one) => one.settings.name === settings.name);
      const kept = this.#ports.keptOf(settings.name);
      // The one before ends first: its last write is what this one reads.
      const whenFree = before === undefined ? Promise.resolve() : before.close(closeWithinMs);
      const sender = this.#ports.senderOf(settings);
      return new Notifier({
        settings,
        ports: { ...this.#ports, session: this.#sessionOf() },
        sender,
        kept: { ...kept, read: () => whenFree.then(() => kept.read()) },
      });
    });
    for (const gone of this.#notifiers) {
      const isReplaced = next.some((one) => one.settings.name === gone.settings.name);
      if (!isReplaced)
        void gone.close(closeWithinMs).then(() => this.#ports.keptOf(gone.settings.name).write([]));
    }
    this.#notifiers = next;
  }

  /** Each notifier that is made counts its messages anew. */
  #made = 0;
  #sessionOf(): string {
    this.#made += 1;
    return `${this.#ports.session}.${this.#made}`;
  }

  async #remind(): Promise<void> {
    const { clock } = this.#ports;
    while (!this.#closed.signal.aborted) {
      const status = this.#agent.status();
      for (const notifier of this.#notifiers) this.#remindOf(status, notifier);
      await clock.sleep(lookEveryMs, this.#closed.signal);
    }
  }

  #remindOf(status: Status, notifier: Notifier): void {
    const now = this.#ports.clock.wall();
    for (const { tag, paused } of status.resources) {
      const key = `${notifier.settings.name} ${tag}`;
      const isLong = paused !== undefined && now - paused.at >= notifier.settings.pausedLongerThan;
      if (!isLong) {
        this.#reminded.delete(key);
        continue;
      }
      const last = this.#reminded.get(key);
      if (last !== undefined && now - last < remindEveryMs) continue;
      this.#reminded.set(key, now);
      notifier.take(
        notice('paused-long', now, {
          tags: [tag],
          what: `${tag} has been unprotected for ${sayDuration(Math.floor((now - paused.at) / 60_000) * 60_000)}`,
          why: `paused by ${paused.by}${paused.why === '' ? '' : `: ${paused.why}`}`,
          todo: `give its protection back: holdfast resume ${tag}`,
        }),
      );
    }
  }
}
