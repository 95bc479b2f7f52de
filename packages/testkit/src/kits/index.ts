export { answerLines } from './answerLines.ts';
export { driveKit } from './driveKit.ts';
export { endRestore } from './endRestore.ts';
