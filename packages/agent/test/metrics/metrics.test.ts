import type { AgentEvent } from '@holdfast/core';
import { describe, expect, test } from '@jest/globals';
import { EventMetrics, Metrics, printMetrics, sample } from '../../src/index.ts';
import { repaired } from '../notify/support.ts';

const linesOf = (text: string, name: string): string[] =>
  text.split('\n').filter((line) => line.startsWith(name) && !line.startsWith('#'));

describe('metrics', () => {
  test('are printed with labels that cannot break a line', () => {
    const odd = sample('holdfast_resource_paused', { tag: 'a"b\\c\nd', type: 'ip' }, 1);
    expect(linesOf(printMetrics(new Metrics(), [odd]), 'holdfast_resource_paused')).toEqual([
      'holdfast_resource_paused{tag="a\\"b\\\\c\\nd",type="ip"} 1',
    ]);
  });

  test('of a histogram are cumulative', () => {
    const metrics = new Metrics();
    for (const ms of [0.5, 3, 3, 60_000])
      metrics.observe('holdfast_check_duration_seconds', { type: 'ip', action: 'quickCheck' }, ms);
    const lines = linesOf(printMetrics(metrics, []), 'holdfast_check_duration_seconds');
    const counts = lines.map((line) => line.split(' ').at(-1));
    expect(counts).toEqual(['1', '1', '3', ...Array(10).fill('3'), '4', '60.0065', '4']);
    expect(lines.at(-3)).toContain('le="+Inf"');
  });

  test('count an event of a failure and its repair, and the times between', () => {
    const metrics = new Metrics();
    const reader = new EventMetrics(metrics);
    for (const [seconds, event] of repaired(10)) {
      // The check found it at 10 s; the repair began 4 ms later.
      const at = seconds * 1_000 + (event.kind === 'operation-begun' ? 4 : 0);
      reader.read({ ...event, sequence: 1, at } as AgentEvent);
    }
    const text = printMetrics(metrics, []);
    expect(linesOf(text, 'holdfast_operations_total')).toEqual([
      'holdfast_operations_total{purpose="repair",result="done"} 1',
    ]);
    expect(linesOf(text, 'holdfast_steps_total')).toEqual([
      'holdfast_steps_total{action="recover",result="done"} 1',
    ]);
    expect(linesOf(text, 'holdfast_detection_to_decision_seconds_sum')).toEqual([
      'holdfast_detection_to_decision_seconds_sum 0.004',
    ]);
    expect(linesOf(text, 'holdfast_detection_to_healthy_seconds_count')).toEqual([
      'holdfast_detection_to_healthy_seconds_count 1',
    ]);
  });

  test('are bounded, whatever makes them', () => {
    const metrics = new Metrics();
    for (let index = 0; index < 5_000; index += 1)
      metrics.count('holdfast_watcher_restarts_total', { program: String(index) });
    const text = printMetrics(metrics, []);
    expect(linesOf(text, 'holdfast_watcher_restarts_total')).toHaveLength(2_000);
    expect(linesOf(text, 'holdfast_series_dropped_total')).toEqual(['holdfast_series_dropped_total 3000']);
  });
});
