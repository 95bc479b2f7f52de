import type { CompletionRow } from './completionTable.ts';
import { programsOf, shellTables } from './shellTables.ts';

export function zshScript(table: readonly CompletionRow[]): string {
  const programs = programsOf(table).join(' ');
  return [
    `#compdef ${programs}`,
    '# Completion of Holdfast for zsh; printed by: holdfast completion zsh',
    ...shellTables(table).map((line) => line.replace(/^typeset -A/, 'typeset -gA')),
    body,
    '# As a file in $fpath the shell calls it itself; read with `source` it is told where it belongs.',
    'if [[ $funcstack[1] == _holdfast ]]; then _holdfast "$@"; else',
    `  compdef _holdfast ${programs}`,
    'fi',
  ].join('\n');
}

const body = `_holdfast() {
  local word=$words[CURRENT] at=\${words[1]:t} kind= before= one key place=1 i
  local -a choices kinds
  for ((i = 2; i < CURRENT; i++)); do
    one=$words[i]
    if [[ -n $before ]]; then before=; continue; fi
    if [[ $one == -- ]]; then return 1; fi
    if [[ $one == -* ]]; then
      key="$at $one"; [[ -n \${_holdfast_values[$key]-} ]] && before=$one
    elif [[ " \${_holdfast_commands[$at]-} " == *" $one "* ]]; then at="$at $one"
    else place=$((place + 1)); fi
  done
  if [[ -n $before ]]; then key="$at $before"; kind=$_holdfast_values[$key]
  elif [[ $word == -* ]]; then choices=(\${=_holdfast_options[$at]-})
  elif [[ -n \${_holdfast_commands[$at]-} ]]; then choices=(\${=_holdfast_commands[$at]})
  else
    kinds=(\${=_holdfast_words[$at]-})
    kind=\${kinds[place]-}
    [[ $#kinds -gt 1 && $kinds[-1] == ... && $place -ge $#kinds ]] && kind=$kinds[-2]
  fi
  case $kind in
    "="*) choices=(\${(s:,:)kind#=}) ;;
    file) _files; return ;;
    tag | type | node) choices=(\${(f)"$(holdfast completion --names $kind 2>/dev/null)"}) ;;
  esac
  compadd -a choices
}`;
