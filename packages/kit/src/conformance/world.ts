import { z } from 'zod';

const command = z.tuple([z.string()], z.string()).readonly();

/**
 * Where a kit is tried: data, so that it can be handed to a program inside a node. Commands are argument arrays
 * and run in the node as root. The resource is out of service when the rules begin.
 */
export const worldSchema = z.strictObject({
  settings: z.record(z.string(), z.unknown()).describe('As an operator would write them.'),
  serves: command.describe(
    'Exit code 0 while the resource serves. It judges the kit, so it asks another way.',
  ),
  same: command.describe('Prints what must stay the same while nothing happened: a process, a start time.'),
  breakIt: command.describe("Makes it fail, or takes it out of service, behind the kit's back."),
  freeze: command.optional().describe('Makes it hang without ending it.'),
  unfreeze: command.optional(),
  bystanders: z
    .array(z.strictObject({ name: z.string(), probe: command }))
    .describe('What is beside it and is not its own: each probe prints the same all along.'),
  wrongSettings: z
    .array(z.record(z.string(), z.unknown()))
    .min(1)
    .describe('Each of them is merged into the settings, and must be refused by the schema.'),
  frozenBudgetMs: z.int().default(10_000).describe('The budget of restore and remove while it is frozen.'),
});
export type World = z.output<typeof worldSchema>;
export type WrittenWorld = z.input<typeof worldSchema>;
