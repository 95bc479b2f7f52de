export { type AgentPaths, agentPaths } from './agentPaths.ts';
export { type Client, connect } from './connect.ts';
export { isListening, type Listening } from './isListening.ts';
export { readStatusFile, type StatusFile } from './readStatusFile.ts';
export { type Answer, type Trouble, TroubleError } from './trouble.ts';
export { type TroubleCode, troubleCodes } from './troubleCodes.ts';
