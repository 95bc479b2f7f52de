import { z } from 'zod';

/** What works, and will not do what people may expect of it when it is needed. */
export const warning = z.object({
  /** For scripts, and never its prose. */
  code: z.enum(['waits-for-person', 'takeover-without-fence']),
  says: z.string(),
  todo: z.string(),
});
export type Warning = z.infer<typeof warning>;
