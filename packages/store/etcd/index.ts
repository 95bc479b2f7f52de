export { type AskMembers, type MemberHealth, openAskMembers } from './askMembers.ts';
export { type EtcdOptions, type EtcdSettings, etcdSettings } from './etcdSettings.ts';
export { openEtcdStore } from './openEtcdStore.ts';
