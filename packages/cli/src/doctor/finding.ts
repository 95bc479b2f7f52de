/** One thing that was looked at. `warning`: it works, and may not when it is needed. */
export type DoctorFinding = Readonly<{
  level: 'ok' | 'warning' | 'problem';
  /** What was looked at; stable, for scripts. */
  check: string;
  says: string;
  /** Empty when all is well. */
  todo: string;
}>;

export function well(check: string, says: string): DoctorFinding {
  return { level: 'ok', check, says, todo: '' };
}

export function warning(check: string, says: string, todo: string): DoctorFinding {
  return { level: 'warning', check, says, todo };
}

export function problem(check: string, says: string, todo: string): DoctorFinding {
  return { level: 'problem', check, says, todo };
}
