export { type ExitCode, exitCodes } from './exitCodes.ts';
