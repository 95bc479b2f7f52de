import { fileURLToPath } from 'node:url';

/** The program that calls a kit inside a node; `openLines(node, driveKit, TYPE)` of the lab starts it. */
export const driveKit: string = fileURLToPath(new URL('programs/driveKit.ts', import.meta.url));
