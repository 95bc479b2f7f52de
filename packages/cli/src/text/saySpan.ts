/** A span of time for people: `12 ms`, `1.2 s`, `4 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function saySpan(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return twoParts(whole, 60, 'min', 's');
  if (whole < 86_400) return twoParts(Math.floor(whole / 60), 60, 'h', 'min');
  return twoParts(Math.floor(whole / 3600), 24, 'd', 'h');
}

function twoParts(count: number, base: number, large: string, small: string): string {
  const rest = count % base;
  return rest === 0
    ? `${Math.floor(count / base)} ${large}`
    : `${Math.floor(count / base)} ${large} ${rest} ${small}`;
}
