import { sleeperKit } from '../sleeperKit.ts';

// Kits that are made elsewhere may do without a name.
// biome-ignore lint/style/noDefaultExport: it is what the test is about
export default sleeperKit({});
