import { commandRoutes } from './commandRoutes.ts';
import { configurationRoutes } from './configurationRoutes.ts';
import { documentRoutes } from './documentRoutes.ts';
import { eventRoutes } from './eventRoutes.ts';
import { fenceRoutes } from './fenceRoutes.ts';
import { flagRoutes } from './flagRoutes.ts';
import { historyRoutes } from './historyRoutes.ts';
import { kitRoutes } from './kitRoutes.ts';
import { membershipRoutes } from './membershipRoutes.ts';
import { metricsRoutes } from './metricsRoutes.ts';
import { notifierRoutes } from './notifierRoutes.ts';
import { operationRoutes } from './operationRoutes.ts';
import { pauseRoutes } from './pauseRoutes.ts';
import type { Route } from './route.ts';
import { statusRoutes } from './statusRoutes.ts';
import { stopRoutes } from './stopRoutes.ts';

/** Every address of the agent's API, a file for each group. */
export const allRoutes: readonly Route[] = [
  ...statusRoutes,
  ...configurationRoutes,
  ...commandRoutes,
  ...pauseRoutes,
  ...stopRoutes,
  ...flagRoutes,
  ...membershipRoutes,
  ...fenceRoutes,
  ...kitRoutes,
  ...operationRoutes,
  ...historyRoutes,
  ...eventRoutes,
  ...notifierRoutes,
  ...metricsRoutes,
  ...documentRoutes,
];
