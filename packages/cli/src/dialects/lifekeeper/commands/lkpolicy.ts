import type { Status } from '@holdfast/core';
import { changeDocument, noSuchTag } from '../edit/changeDocument.ts';
import type { Draft, DraftPolicy } from '../edit/document.ts';
import { lcdiCodes } from '../lcdi/codes.ts';
import { type Call, defineCommand, misuse, report } from '../lcdi/defineCommand.ts';
import { printRecords } from '../lcdi/printRecords.ts';
import { isPolicyName, policyNames, policyOf, removePolicy, setPolicy } from '../policies.ts';

export const lkpolicy = defineCommand(
  {
    name: 'lkpolicy',
    synopsis:
      '--list-policies | --get-policies [tag=TAG] | --set-policy NAME (--on | --off) [tag=TAG] [recoverylimit=N] [period=MINUTES] | --remove-policy NAME [tag=TAG]',
    says: 'Shows and changes what is done about failures: Failover, LocalRecovery, TemporalRecovery (recoverylimit and period) and NotificationOnly, for all of the configuration or for one resource. A set that could never act is refused.',
    values: {
      'set-policy': ['NAME', 'Set this policy'],
      'remove-policy': ['NAME', 'Back to what is above it'],
    },
    flags: {
      'list-policies': 'List the names',
      'get-policies': 'List what is written',
      g: 'The same',
      l: 'The same as --list-policies',
      on: 'It holds',
      off: 'It does not hold',
    },
    hasWords: true,
    changes: true,
    examples: [
      ['lkpolicy --set-policy LocalRecovery --off tag=mail', 'mail is not repaired in place'],
      [
        'lkpolicy --set-policy TemporalRecovery --on recoverylimit=3 period=30',
        'The third failure in 30 minutes is not repaired any more',
      ],
      ['lkpolicy --get-policies', 'What is written'],
    ],
  },
  async (call) => {
    const { 'set-policy': set, 'remove-policy': removed } = call.values;
    const isList = call.flags.has('list-policies') || call.flags.has('l');
    const isGet = call.flags.has('get-policies') || call.flags.has('g');
    if ([set !== undefined, removed !== undefined, isList, isGet].filter(Boolean).length !== 1)
      return misuse(call, 'give one of --list-policies, --get-policies, --set-policy and --remove-policy');
    if (isList)
      return printRecords(
        call,
        policyNames.map((name) => ({ name })),
      );
    const words = readWords(call.words);
    if (words === undefined) return misuse(call, 'the words are tag=TAG, recoverylimit=N and period=MINUTES');
    if (isGet) return get(call, words.tag);

    const name = set ?? removed ?? '';
    if (!isPolicyName(name)) return misuse(call, `there is no policy ${name}; see --list-policies`);
    if (set !== undefined && call.flags.has('on') === call.flags.has('off'))
      return misuse(call, 'give one of --on and --off');
    return changeDocument(call, (draft) => {
      const at = levelOf(draft, words.tag);
      if (at === undefined) return noSuchTag(words.tag ?? '', Object.keys(draft.resources));
      const before = JSON.stringify(at.policy ?? {});
      const policy = structuredClone(at.policy ?? {});
      if (set === undefined) removePolicy(policy, name);
      else setPolicy(policy, name, { isOn: call.flags.has('on'), ...words });
      if (JSON.stringify(policy) === before) return { kind: 'same', says: 'it is written so' };
      if (Object.keys(policy).length === 0) delete at.policy;
      else at.policy = policy;
      return { kind: 'changed' };
    });
  },
);

type Words = Readonly<{ tag?: string; recoveryLimit?: number; periodMinutes?: number }>;

function readWords(words: readonly string[]): Words | undefined {
  const read: { tag?: string; recoveryLimit?: number; periodMinutes?: number } = {};
  for (const word of words) {
    const [, name, value = ''] = /^(tag|recoverylimit|period)=(.+)$/.exec(word) ?? [];
    if (name === 'tag') read.tag = value;
    else if (name === undefined || !/^[1-9]\d{0,5}$/.test(value)) return undefined;
    else if (name === 'period') read.periodMinutes = Number(value);
    else read.recoveryLimit = Number(value);
  }
  return read;
}

/** Where a policy is written: at a resource, or for all. */
function levelOf(draft: Draft, tag: string | undefined): { policy?: DraftPolicy } | undefined {
  if (tag === undefined) return draft;
  return Object.hasOwn(draft.resources, tag) ? draft.resources[tag] : undefined;
}

async function get(call: Call<'set-policy' | 'remove-policy', string>, tag: string | undefined) {
  const [configuration, status] = await Promise.all([call.client.configuration(), call.client.status()]);
  if (!configuration.ok) return report(call, configuration.trouble);
  if (!status.ok) return report(call, status.trouble);
  const document = configuration.value.document as Draft | null;
  if (tag !== undefined && !hasResource(status.value, tag)) {
    const { refuse } = await import('../lcdi/defineCommand.ts');
    return refuse(call, lcdiCodes.missing, {
      code: 'UNKNOWN_RESOURCE',
      what: `There is no resource ${tag}`,
      why: 'the configuration describes none with this tag',
      todo: 'list the tags: ins_list -f:',
    });
  }
  const levels = [
    ...(tag === undefined ? [{ of: '*', policy: document?.policy }] : []),
    ...Object.entries(document?.resources ?? {})
      .filter(([one]) => tag === undefined || one === tag)
      .map(([one, { policy }]) => ({ of: one, policy })),
  ];
  const records = levels.flatMap(({ of, policy }) => policyOf(policy ?? {}).map((one) => ({ of, ...one })));
  return printRecords({ ...call, values: { f: ' ' } }, records);
}

function hasResource({ resources }: Status, tag: string): boolean {
  return resources.some((resource) => resource.tag === tag);
}
