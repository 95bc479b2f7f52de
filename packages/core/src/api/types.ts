import { z } from 'zod';

/** GET /v1/types: the types of the kits that the agent has loaded, and what each can do. */
export const typesAnswer = z.object({
  types: z.array(z.object({ type: z.string(), actions: z.array(z.string()) })),
});
export type TypesAnswer = z.infer<typeof typesAnswer>;
