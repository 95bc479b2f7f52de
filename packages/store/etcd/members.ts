import { StoreRefused } from '../src/index.ts';
import type { EtcdSettings } from './etcdSettings.ts';
import { Connection } from './wire/connection.ts';
import type { Header } from './wire/messages.ts';

/** One member of etcd, and the connection to it. */
export type Member = Readonly<{ url: string; connection: Connection }>;

/**
 * The members that are known, and the one that is asked first. It changes when that one gives cause: a refused or
 * silent connection, an answer that takes too long. Which member it is makes no difference to what is true.
 */
export class Members {
  readonly #all: readonly Member[];
  #current = 0;
  #cluster: string | undefined;
  #revision = 0;

  constructor({ endpoints, tls, connectWithinMs }: EtcdSettings) {
    this.#all = endpoints.map((url) => ({ url, connection: new Connection({ url, tls, connectWithinMs }) }));
  }

  get count(): number {
    return this.#all.length;
  }

  /** The highest revision that any answer showed. */
  get revision(): number {
    return this.#revision;
  }

  get current(): Member {
    return this.#all[this.#current]!;
  }

  /** Asks another first from now on, if it was this one. Many requests may find the same fault at once. */
  moveOn(from: Member): void {
    if (this.current === from) this.#current = (this.#current + 1) % this.#all.length;
  }

  /**
   * Notes what an answer shows, and throws `StoreRefused` for one that cannot be true: a member that was set up anew
   * answers for a cluster of its own, and one that was restored from a copy goes back in time.
   */
  accept(member: Member, { cluster, revision }: Header, knownRevision = 0): void {
    this.#cluster ??= cluster;
    if (cluster !== this.#cluster)
      throw new StoreRefused(
        `${member.url} answers for the etcd cluster ${cluster}, others for ${this.#cluster}: it does not belong here`,
      );
    if (revision < knownRevision)
      throw new StoreRefused(
        `${member.url} is at revision ${revision} after ${knownRevision} was seen: etcd has lost data`,
      );
    this.#revision = Math.max(this.#revision, revision);
  }

  close(): void {
    for (const { connection } of this.#all) connection.close();
  }
}
