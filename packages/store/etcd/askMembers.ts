import { type EtcdOptions, etcdSettings } from './etcdSettings.ts';
import { Login } from './login.ts';
import { Connection } from './wire/connection.ts';
import { type ListedMember, readMembers, readStatus, type StatusAnswer } from './wire/memberMessages.ts';
import { methods } from './wire/messages.ts';

/** One member of etcd as it answers now, asked by itself and not by way of another. */
export type MemberHealth = Readonly<{
  endpoint: string;
  /** Its name and id, where it or another member said them. */
  name?: string;
  id?: string;
  /** `UNKNOWN`: etcd has it, and the settings do not name it. */
  state: 'ALIVE' | 'DEAD' | 'UNKNOWN';
  isLeader: boolean;
  version?: string;
  /** Why it does not answer, or what it complains of. */
  says?: string;
}>;

export type AskMembers = Readonly<{
  ask: (withinMs: number) => Promise<readonly MemberHealth[]>;
  close: () => void;
}>;

type Asked = Readonly<{ url: string; status: StatusAnswer | undefined; says: string }>;

/**
 * For people who want to know how the store stands: each member is asked over a connection of its own, so that what is
 * slow here holds up nothing that the cluster rests on. Nothing is decided by it.
 */
export function openAskMembers(options: EtcdOptions): AskMembers {
  const settings = etcdSettings.parse(options);
  let login = new Login(settings.user);
  const members = settings.endpoints.map((url) => ({
    url,
    connection: new Connection({ url, tls: settings.tls, connectWithinMs: settings.connectWithinMs }),
  }));

  async function call(
    member: (typeof members)[number],
    method: string,
    withinMs: number,
  ): Promise<Uint8Array> {
    // A member that knows no leader is to say so, and not to turn the question away.
    const { hasleader: _, ...headers } = await login.headers(member, withinMs);
    return member.connection.call(method, new Uint8Array(), { withinMs, headers });
  }

  async function askOne(member: (typeof members)[number], withinMs: number): Promise<Asked> {
    try {
      return { url: member.url, status: readStatus(await call(member, methods.status, withinMs)), says: '' };
    } catch (error) {
      // The way may be dead without anybody saying so; the next question makes a new one.
      member.connection.close();
      login = new Login(settings.user);
      return { url: member.url, status: undefined, says: (error as Error).message };
    }
  }

  async function listed(asked: readonly Asked[], withinMs: number): Promise<readonly ListedMember[]> {
    const answering = members.find(({ url }) =>
      asked.some((one) => one.url === url && one.status !== undefined),
    );
    if (answering === undefined) return [];
    try {
      return readMembers(await call(answering, methods.members, withinMs));
    } catch {
      // Their names are a help and no more: without them the addresses tell which is which.
      return [];
    }
  }

  return {
    ask: async (withinMs) => {
      const asked = await Promise.all(members.map((member) => askOne(member, withinMs)));
      return combine(asked, await listed(asked, withinMs));
    },
    close: () => {
      for (const { connection } of members) connection.close();
    },
  };
}

/** Members that etcd has and the settings do not name are told too: they count for the quorum. */
function combine(asked: readonly Asked[], members: readonly ListedMember[]): readonly MemberHealth[] {
  const known = new Set<string>();
  const rows = asked.map(({ url, status, says }): MemberHealth => {
    const member = members.find((one) =>
      status === undefined ? one.urls.includes(url) : one.id === status.id,
    );
    if (member !== undefined) known.add(member.id);
    const complaints = status?.errors.join('; ') ?? says;
    return {
      endpoint: url,
      ...(member === undefined || member.name === '' ? {} : { name: member.name }),
      ...(status === undefined ? {} : { id: status.id, version: status.version }),
      state: status === undefined ? 'DEAD' : 'ALIVE',
      isLeader: status !== undefined && status.leader === status.id,
      ...(complaints === '' ? {} : { says: complaints }),
    };
  });
  const others = members
    .filter(({ id }) => !known.has(id))
    .map(
      ({ id, name, urls }): MemberHealth => ({
        endpoint: urls[0] ?? '',
        ...(name === '' ? {} : { name }),
        id,
        state: 'UNKNOWN',
        isLeader: false,
        says: 'it is not named under store.endpoints of this node, so it was not asked',
      }),
    );
  return [...rows, ...others];
}
