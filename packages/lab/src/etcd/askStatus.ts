import { fileURLToPath } from 'node:url';
import { type LabHost, must } from '../labHost.ts';
import type { EtcdMember } from './etcdMember.ts';
import type { EtcdTls } from './makeCertificates.ts';

/** What a member says of itself. Ids are etcd's own. */
export type MemberStatus = Readonly<{
  member: EtcdMember;
  id: string;
  leaderId: string;
  revision: number;
  version: string;
}>;

const program = fileURLToPath(new URL('statusOfMembers.ts', import.meta.url));

/** Asks every member at once; one that does not answer within half a second is left out. */
export async function askStatus(
  client: LabHost,
  members: readonly EtcdMember[],
  tls: EtcdTls | undefined,
): Promise<readonly MemberStatus[]> {
  const argv = [process.execPath, program, tls?.folder ?? '', ...members.map(({ endpoint }) => endpoint)];
  const { stdout } = await must(client, argv as [string, ...string[]], { budgetMs: 10_000 });
  const answers = JSON.parse(stdout) as readonly (Omit<MemberStatus, 'member'> | null)[];
  return answers.flatMap((answer, index) =>
    answer === null ? [] : [{ ...answer, member: members[index]! }],
  );
}
