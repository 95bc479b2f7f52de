import { z } from 'zod';

const kinds = 'service|socket|timer|path|mount|automount|swap|target';
const aUnit = 'the whole name of a unit is needed; write nginx.service or getty@tty1.service';

export const settings = z.strictObject({
  unit: z
    .string(aUnit)
    .max(255, aUnit)
    .regex(new RegExp(`^[A-Za-z0-9:_.\\\\][A-Za-z0-9:_.\\\\@-]*\\.(${kinds})$`), aUnit)
    .refine((name) => !/@\.[a-z]+$/.test(name), 'a template needs its instance; write getty@tty1.service')
    .describe(
      'The unit, with its ending, such as nginx.service. At the next restore; take the resource out of service first.',
    ),
});
export type Settings = z.output<typeof settings>;
