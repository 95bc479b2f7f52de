import type { DraftPolicy } from './edit/document.ts';

export const policyNames = ['Failover', 'LocalRecovery', 'TemporalRecovery', 'NotificationOnly'] as const;
export type PolicyName = (typeof policyNames)[number];

export function isPolicyName(name: string): name is PolicyName {
  return policyNames.includes(name as PolicyName);
}

type Given = Readonly<{ isOn: boolean; recoveryLimit?: number; periodMinutes?: number }>;

/** LifeKeeper's policies in our words, written into a policy. */
export function setPolicy(policy: DraftPolicy, name: PolicyName, given: Given): void {
  const { isOn, recoveryLimit = 3, periodMinutes = 30 } = given;
  switch (name) {
    case 'Failover':
      policy.failover = { ...policy.failover, enabled: isOn };
      return;
    case 'LocalRecovery':
      policy.localRecovery = { ...policy.localRecovery, enabled: isOn };
      return;
    case 'TemporalRecovery':
      // LifeKeeper fails over *at* the Nth recovery within the period; ours says how many repairs are tried.
      if (isOn)
        policy.localRecovery = {
          ...policy.localRecovery,
          attempts: recoveryLimit - 1,
          within: `${periodMinutes}m`,
        };
      else removePolicy(policy, name);
      return;
    case 'NotificationOnly':
      policy.notificationOnly = isOn;
      return;
  }
}

export function removePolicy(policy: DraftPolicy, name: PolicyName): void {
  switch (name) {
    case 'Failover':
      delete policy.failover?.enabled;
      break;
    case 'LocalRecovery':
      delete policy.localRecovery?.enabled;
      break;
    case 'TemporalRecovery':
      delete policy.localRecovery?.attempts;
      delete policy.localRecovery?.within;
      break;
    case 'NotificationOnly':
      delete policy.notificationOnly;
      break;
  }
  for (const part of ['failover', 'localRecovery'] as const)
    if (policy[part] !== undefined && Object.keys(policy[part]).length === 0) delete policy[part];
}

/** What is written of them, for a list. */
export function policyOf(policy: DraftPolicy): { name: string; says: string }[] {
  const { failover, localRecovery, notificationOnly } = policy;
  const onOff = (name: string, isOn: boolean | undefined) =>
    isOn === undefined ? [] : [{ name, says: isOn ? 'on' : 'off' }];
  const { attempts, within } = localRecovery ?? {};
  const limit = [
    ...(attempts === undefined ? [] : [`recoverylimit=${attempts + 1}`]),
    ...(within === undefined ? [] : [`period=${within}`]),
  ];
  return [
    ...onOff('Failover', failover?.enabled),
    ...onOff('LocalRecovery', localRecovery?.enabled),
    ...(limit.length === 0 ? [] : [{ name: 'TemporalRecovery', says: `on ${limit.join(' ')}` }]),
    ...onOff('NotificationOnly', notificationOnly),
  ];
}
