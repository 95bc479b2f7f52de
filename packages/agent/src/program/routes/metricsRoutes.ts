import { metricsType } from '../../index.ts';
import { type Route, textRoute } from './route.ts';

export const metricsRoutes: readonly Route[] = [
  textRoute({
    method: 'GET',
    path: '/v1/metrics',
    summary: 'Metrics in the text format of Prometheus.',
    type: metricsType,
    run: ({ printMetrics }) => printMetrics(),
  }),
];
