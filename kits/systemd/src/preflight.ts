import type { KitCall, Readiness } from '@holdfast/kit';
import { findDoubts, findObstacles } from './findObstacles.ts';
import { readUnit } from './readUnit.ts';
import type { Settings } from './settings.ts';

/** Does systemd know the unit, may it be started, and does nobody else start it? */
export async function preflight(call: KitCall<Settings>): Promise<Readiness> {
  const unit = await readUnit(call, call.budgetMs * 0.9);
  if ('unasked' in unit) {
    const todo = 'this kit needs systemd as the first process of the node: systemctl status';
    return { ready: false, evidence: unit.unasked, todo, rank: 0, warnings: [] };
  }
  const obstacles = findObstacles(unit);
  const warnings = [...findDoubts(unit)];
  if (obstacles.length > 0) {
    return {
      ready: false,
      evidence: obstacles.map(({ says }) => says).join('; '),
      todo: obstacles.map(({ todo }) => todo).join('; '),
      rank: 0,
      warnings,
    };
  }
  const evidence = `${unit.Id} is loaded, ${unit.ActiveState}, ${unit.UnitFileState || 'without a file'}`;
  return { ready: true, evidence, todo: '', rank: Math.max(10, 100 - 20 * warnings.length), warnings };
}
