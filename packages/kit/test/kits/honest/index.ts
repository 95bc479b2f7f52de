import { sleeperKit } from '../sleeperKit.ts';

export const kit = sleeperKit({});
