import { type Field, readFields, toBytes, toText } from './protobuf.ts';

/* What etcd's members say of themselves (api/etcdserverpb/rpc.proto). Ids are written as etcd's own commands write them. */

export type StatusAnswer = Readonly<{
  id: string;
  leader: string;
  version: string;
  errors: readonly string[];
}>;

export function readStatus(message: Uint8Array): StatusAnswer {
  const answer = { id: '', leader: '', version: '' };
  const errors: string[] = [];
  for (const { number, value } of readFields(message)) {
    if (number === 1) {
      for (const field of readFields(toBytes(value))) if (field.number === 2) answer.id = toId(field.value);
    } else if (number === 2) answer.version = toText(value);
    else if (number === 4) answer.leader = toId(value);
    else if (number === 8) errors.push(toText(value));
  }
  return { ...answer, errors };
}

export type ListedMember = Readonly<{ id: string; name: string; urls: readonly string[] }>;

export function readMembers(message: Uint8Array): readonly ListedMember[] {
  const members: ListedMember[] = [];
  for (const { number, value } of readFields(message)) {
    if (number !== 2) continue;
    const member = { id: '', name: '' };
    const urls: string[] = [];
    for (const field of readFields(toBytes(value))) {
      if (field.number === 1) member.id = toId(field.value);
      else if (field.number === 2) member.name = toText(field.value);
      else if (field.number === 4) urls.push(toText(field.value));
    }
    members.push({ ...member, urls });
  }
  return members;
}

/** No member has the id 0: it stands for none. */
function toId(value: Field['value']): string {
  return typeof value === 'bigint' && value !== 0n ? value.toString(16) : '';
}
