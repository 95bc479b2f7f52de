export { type ExitCode, exitCodes } from './exitCodes.ts';
export { type SchemaName, schemas } from './schemas.ts';
