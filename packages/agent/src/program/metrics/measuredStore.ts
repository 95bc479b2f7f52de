import type { ClusterStore } from '@holdfast/store';
import type { Metrics } from '../../index.ts';

/** The store, with the time of each transaction measured. */
export function measuredStore(store: ClusterStore, metrics: Metrics): ClusterStore {
  return {
    ...store,
    transact: async (transaction) => {
      const begunAt = performance.now();
      try {
        return await store.transact(transaction);
      } catch (error) {
        metrics.count('holdfast_store_failures_total', {});
        throw error;
      } finally {
        const durable = transaction.durable ?? 'now';
        metrics.observe('holdfast_store_write_seconds', { durable }, performance.now() - begunAt);
      }
    },
  };
}
