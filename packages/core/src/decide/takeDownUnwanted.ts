import { reason } from '../plan/plan.ts';
import type { Tag } from '../vocabulary.ts';
import { block, isSomebodys, takeDown, type Worksheet } from './worksheet.ts';

/** Removes what of these is to be out of service; what somebody may be at work on is left, and that is said. */
export function takeDownUnwanted(sheet: Worksheet, tags: readonly Tag[]): void {
  const { intentOf, recordOf } = sheet;
  const unwanted = tags.filter((tag) => intentOf(tag).want === 'outOfService');
  for (const tag of unwanted) {
    if (!isSomebodys(sheet, tag)) continue;
    const says = `parts of it were found that nobody asked for: ${recordOf(tag).reason}`;
    block(sheet, tag, reason('not-wanted', says));
  }
  takeDown(
    sheet,
    unwanted.filter((tag) => !isSomebodys(sheet, tag)),
    (tag) => reason('not-wanted', `taken out of service by ${intentOf(tag).by}`),
  );
}
