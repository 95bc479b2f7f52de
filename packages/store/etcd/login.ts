import type { Member } from './members.ts';
import { authenticateRequest, methods, readToken } from './wire/messages.ts';

/** The token that a name and a password are exchanged for. It lives as long as etcd likes, and is asked for again then. */
export class Login {
  readonly #user: Readonly<{ name: string; password: string }> | undefined;
  #token: string | undefined;

  constructor(user: Readonly<{ name: string; password: string }> | undefined) {
    this.#user = user;
  }

  /** What goes with each request. Throws `CallFailed` when the login fails. */
  async headers(member: Member, withinMs: number): Promise<Readonly<Record<string, string>>> {
    // A member that has no leader says so at once, instead of letting us wait.
    const always = { hasleader: 'true' };
    if (this.#user === undefined) return always;
    this.#token ??= readToken(
      await member.connection.call(
        methods.authenticate,
        authenticateRequest(this.#user.name, this.#user.password),
        { withinMs, headers: always },
      ),
    );
    return { ...always, token: this.#token };
  }

  /** Answers whether logging in again can help: the token that was used is no longer the newest, or is forgotten now. */
  forget(headers: Readonly<Record<string, string>>): boolean {
    if (this.#user === undefined) return false;
    if (this.#token === headers.token) this.#token = undefined;
    return true;
  }
}
