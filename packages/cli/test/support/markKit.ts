import { fileURLToPath } from 'node:url';

/** The folder of a kit that a test can hold and let go; see there. */
export const markKit = fileURLToPath(new URL('../kits/mark', import.meta.url));
