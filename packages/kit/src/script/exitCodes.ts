import type { Finding } from '@holdfast/core';

/*
 * What an executable says by its exit code. What a shell says when a script itself is wrong (1, 2, 126, 127, a signal)
 * means nothing here on purpose: a mistyped command in a check must not take a service down, nor call it well.
 */

export const checkCodes: Readonly<Record<number, Finding>> = {
  0: 'in-service',
  10: 'out-of-service',
  11: 'failed',
  12: 'degraded',
  13: 'timeout',
  14: 'unknown',
};

/** Of restore, remove and recover. */
export const actionCodes: Readonly<Record<number, 'done' | 'failed'>> = { 0: 'done', 11: 'failed' };

export const preflightCodes: Readonly<Record<number, 'ready' | 'not-ready'>> = {
  0: 'ready',
  15: 'not-ready',
};

/** `0 in-service, 10 out-of-service, ...`, for whoever used another. */
export function sayCodes(codes: Readonly<Record<number, string>>): string {
  return Object.entries(codes)
    .map(([code, meaning]) => `${code} ${meaning}`)
    .join(', ');
}
