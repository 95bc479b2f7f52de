import type { CallFailed } from './wire/callFailed.ts';

/**
 * What a failed call says.
 *
 *   not-begun  etcd surely did nothing; another member may be asked
 *   refused    etcd surely did nothing, and no member would
 *   log-in     etcd surely did nothing; the token is no longer good
 *   unknown    it may have been carried out, or still be
 */
export type FailedHow = 'not-begun' | 'refused' | 'log-in' | 'unknown';

export function judgeFailure({ sent, status, message }: CallFailed): FailedHow {
  if (!sent) return 'not-begun';
  switch (status) {
    case grpc.unauthenticated:
      return 'log-in';
    case grpc.invalidArgument:
      return /revision in header is old/.test(message) ? 'log-in' : 'refused';
    case grpc.permissionDenied:
    case grpc.failedPrecondition:
    case grpc.unimplemented:
    case grpc.outOfRange:
      return 'refused';
    case grpc.resourceExhausted:
      // No room, too large: for all members. Too many requests at once: this member turned it away.
      return /too many requests/.test(message) ? 'not-begun' : 'refused';
    case grpc.unavailable:
      // Asked with `hasleader`, a member that knows no leader says so before it looks at the request.
      return /etcdserver: no leader|learner/.test(message) ? 'not-begun' : 'unknown';
    default:
      return 'unknown';
  }
}

const grpc = {
  invalidArgument: 3,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  outOfRange: 11,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const;
