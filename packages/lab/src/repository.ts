import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where this checkout is; the lab starts Holdfast from it. */
export const repository = realpathSync(fileURLToPath(new URL('../../..', import.meta.url)));
