import { z } from 'zod';

const command = z.tuple([z.string()], z.string()).readonly();

/**
 * Where a kit is tried: data, so that it can be handed to a program inside a node. Commands are argument arrays
 * and run in the node as root. The resource is out of service when the rules begin.
 */
export const worldSchema = z.strictObject({
  settings: z.record(z.string(), z.unknown()).describe('As an operator would write them.'),
  prepare: z.array(command).default([]).describe('Run one after the other before the rules begin.'),
  cleanUp: z
    .array(command)
    .default([])
    .describe('Run one after the other when all is over, whatever came of it.'),
  serves: command
    .optional()
    .describe(
      "Exit code 0 while the resource serves. It judges the kit, so it asks another way. The kit's own check when left out.",
    ),
  same: command
    .optional()
    .describe(
      'Prints what must stay the same while nothing happened: a process, a start time. Everything that restore made when left out.',
    ),
  breakIt: command
    .optional()
    .describe(
      "Makes it fail, or takes it out of service, behind the kit's back. Without it that is not tried.",
    ),
  freeze: command.optional().describe('Makes it hang without ending it; when the command ends, it hangs.'),
  unfreeze: command.optional(),
  bystanders: z
    .array(z.strictObject({ name: z.string(), probe: command }))
    .default([])
    .describe('What is beside it and is not its own: each probe prints the same all along.'),
  wrongSettings: z
    .array(z.record(z.string(), z.unknown()))
    .default([])
    .describe(
      'Each of them is merged into the settings, and must be refused by the schema; others are made from the schema itself.',
    ),
  secrets: z
    .array(z.string().min(4))
    .default([])
    .describe('Words that must be told nowhere, such as what is in the file of a password.'),
  frozenBudgetMs: z.int().default(10_000).describe('The budget of restore and remove while it is frozen.'),
});
export type World = z.output<typeof worldSchema>;
export type WrittenWorld = z.input<typeof worldSchema>;
