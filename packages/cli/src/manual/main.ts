import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeAll } from '../program/describeAll.ts';
import { surroundingsOf } from '../program/surroundings.ts';
import { version } from '../program/version.ts';
import { manualPage, pageName } from './manualPage.ts';

/*
 * `npm run man -- FOLDER [DATE]`: writes a manual page for every command, for packaging. The date is given, so that
 * the same sources make the same pages.
 */

const [folder, date = '2026-01-01'] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Usage: npm run man -- FOLDER [DATE]');
  process.exit(2);
}
const all = await describeAll(surroundingsOf('man', [], async () => []));
await mkdir(folder, { recursive: true });
for (const command of all) {
  const page = manualPage(command, { date, version: version(), all });
  await writeFile(join(folder, `${pageName(command.name)}.8`), page);
}
console.log(`${all.length} pages in ${folder}`);
