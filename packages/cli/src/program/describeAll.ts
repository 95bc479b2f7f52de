import { lifekeeperCommands } from '../dialects/lifekeeper/commands.ts';
import { describeSpec } from '../dialects/lifekeeper/lcdi/describeSpec.ts';
import { commands } from './commandNamed.ts';
import type { CommandDescription } from './options/description.ts';
import type { Surroundings } from './surroundings.ts';

/** What every command says of itself, for manual pages and completion. Nothing of them is carried out. */
export async function describeAll(around: Surroundings): Promise<readonly CommandDescription[]> {
  const described: CommandDescription[] = [];
  for (const [name, load] of Object.entries(commands)) {
    const command = await load();
    await command({
      ...around,
      command: name,
      args: [],
      tellDescription: (description) => {
        described.push(description);
      },
    });
  }
  for (const load of Object.values(lifekeeperCommands)) described.push(describeSpec((await load()).spec));
  return described;
}
