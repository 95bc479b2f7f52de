import { createHash } from 'node:crypto';

/** Where remove moves a mount that processes enter anew as fast as they are ended: a place that they do not know. */
export function hiddenPlace(place: string): string {
  return `${hiddenFolder}/${createHash('sha256').update(place).digest('hex').slice(0, 16)}`;
}

export const hiddenFolder = '/run/holdfast-leaving';
