import type { Watch } from '@holdfast/kit';
import { splitAddress } from './readAddress.ts';
import type { Settings } from './settings.ts';

/** The kernel tells of each address that comes, goes or is refused, and of each link. */
export function watch({ address }: Settings): readonly Watch[] {
  return [{ kind: 'address', address: splitAddress(address).host }];
}
