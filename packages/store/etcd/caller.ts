import { setTimeout as pause } from 'node:timers/promises';
import { OutcomeUnknown, StoreRefused, StoreUnreachable } from '../src/index.ts';
import { judgeFailure } from './judgeFailure.ts';
import type { Login } from './login.ts';
import type { Member, Members } from './members.ts';
import { CallFailed } from './wire/callFailed.ts';

export type Question = Readonly<{
  method: string;
  message: Uint8Array;
  withinMs: number;
  /** It changes nothing, so another member may be asked while one is silent. */
  isRead: boolean;
}>;

/** Between two rounds in which every member turned a request away, as while they elect a leader. */
const roundPauseMs = 20;

/** Asks one member after another, within a bound, and never sends a change twice that may have been carried out. */
export class Caller {
  readonly #members: Members;
  readonly #login: Login;
  readonly #suspectAfterMs: number;

  constructor(options: Readonly<{ members: Members; login: Login; suspectAfterMs: number }>) {
    this.#members = options.members;
    this.#login = options.login;
    this.#suspectAfterMs = options.suspectAfterMs;
  }

  async ask(question: Question): Promise<Readonly<{ member: Member; answer: Uint8Array }>> {
    const endsAt = performance.now() + question.withinMs;
    const said = new Map<string, string>();
    for (let asked = 0; ; asked += 1) {
      if (asked > 0 && asked % this.#members.count === 0) await pause(roundPauseMs);
      const leftMs = endsAt - performance.now();
      if (leftMs <= 0) throw this.#unreachable(question, said);
      const member = this.#members.current;
      try {
        return { member, answer: await this.#askOne(member, question, leftMs) };
      } catch (error) {
        if (!(error instanceof CallFailed)) throw error;
        said.set(member.url, error.message);
        this.#answerFailure(question, member, error);
      }
    }
  }

  async #askOne(member: Member, { method, message, isRead }: Question, leftMs: number): Promise<Uint8Array> {
    const withinMs = isRead && this.#members.count > 1 ? Math.min(leftMs, 2 * this.#suspectAfterMs) : leftMs;
    const suspicion = setTimeout(() => this.#members.moveOn(member), this.#suspectAfterMs);
    try {
      const headers = await this.#loggedIn(member, withinMs);
      try {
        return await member.connection.call(method, message, { withinMs, headers });
      } catch (error) {
        if (
          !(error instanceof CallFailed) ||
          judgeFailure(error) !== 'log-in' ||
          !this.#login.forget(headers)
        )
          throw error;
        return await member.connection.call(method, message, {
          withinMs,
          headers: await this.#loggedIn(member, withinMs),
        });
      }
    } finally {
      clearTimeout(suspicion);
    }
  }

  /** A login that got no answer has changed nothing, whatever became of it. */
  async #loggedIn(member: Member, withinMs: number): Promise<Readonly<Record<string, string>>> {
    try {
      return await this.#login.headers(member, withinMs);
    } catch (error) {
      if (!(error instanceof CallFailed) || judgeFailure(error) !== 'unknown') throw error;
      throw new CallFailed({ why: `login: ${error.message}`, sent: false, isLate: error.isLate });
    }
  }

  /** Returns when another try is allowed. */
  #answerFailure({ isRead }: Question, member: Member, failure: CallFailed): void {
    const how = judgeFailure(failure);
    if (how === 'refused' || how === 'log-in')
      throw new StoreRefused(`${member.url}: ${failure.message}`, { cause: failure });
    this.#members.moveOn(member);
    // The way may be dead without anybody saying so; the next request to this member makes a new one.
    if (failure.isLate) member.connection.close();
    if (how === 'not-begun' || isRead) return;
    throw new OutcomeUnknown(`${member.url}: ${failure.message}`, { cause: failure });
  }

  #unreachable({ withinMs }: Question, said: ReadonlyMap<string, string>): StoreUnreachable {
    const each = [...said].map(([url, why]) => (why.includes(url) ? why : `${url}: ${why}`)).join('; ');
    return new StoreUnreachable(`no member of etcd answered within ${withinMs} ms (${each})`);
  }
}
