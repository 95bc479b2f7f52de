export { type EmbeddedStoreOptions, openEmbeddedStore } from './openEmbeddedStore.ts';
