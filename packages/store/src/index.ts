export { canonicalJson } from './canonicalJson.ts';
export * from './contract.ts';
export { holds } from './holds.ts';
