export { type EtcdOptions, type EtcdSettings, etcdSettings } from './etcdSettings.ts';
export { openEtcdStore } from './openEtcdStore.ts';
