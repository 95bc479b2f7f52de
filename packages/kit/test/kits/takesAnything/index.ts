import { z } from 'zod';
import { sleeperKit } from '../sleeperKit.ts';

/** Takes a misspelt setting. */
export const kit = sleeperKit({ settings: z.looseObject({ folder: z.string() }) });
