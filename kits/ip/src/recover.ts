export { restore as recover } from './restore.ts';
