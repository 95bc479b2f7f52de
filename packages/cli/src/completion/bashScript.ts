import type { CompletionRow } from './completionTable.ts';
import { programsOf, shellTables } from './shellTables.ts';

export function bashScript(table: readonly CompletionRow[]): string {
  return [
    '# Completion of Holdfast for bash; printed by: holdfast completion bash',
    ...shellTables(table).map((line) => line.replace(/^typeset -A/, 'declare -gA')),
    body,
    `complete -F _holdfast ${programsOf(table).join(' ')}`,
  ].join('\n');
}

const body = `_holdfast() {
  local word=\${COMP_WORDS[COMP_CWORD]} path=\${COMP_WORDS[0]##*/}
  local kind= before= one choices= place=0 i
  for ((i = 1; i < COMP_CWORD; i++)); do
    one=\${COMP_WORDS[i]}
    if [[ -n $before ]]; then before=; continue; fi
    if [[ $one == -- ]]; then COMPREPLY=(); return; fi
    if [[ $one == -* ]]; then
      [[ -n \${_holdfast_values["$path $one"]-} ]] && before=$one
    elif [[ " \${_holdfast_commands[$path]-} " == *" $one "* ]]; then path="$path $one"
    else place=$((place + 1)); fi
  done
  if [[ -n $before ]]; then kind=\${_holdfast_values["$path $before"]}
  elif [[ $word == -* ]]; then choices=\${_holdfast_options[$path]-}
  elif [[ -n \${_holdfast_commands[$path]-} ]]; then choices=\${_holdfast_commands[$path]}
  else
    local -a words=(\${_holdfast_words[$path]-})
    kind=\${words[place]-}
    [[ \${#words[@]} -gt 1 && \${words[-1]} == ... && $place -ge $((\${#words[@]} - 1)) ]] && kind=\${words[-2]}
  fi
  case $kind in
    =*) choices=\${kind#=} choices=\${choices//,/ } ;;
    file) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    tag | type | node) choices=$(holdfast completion --names "$kind" 2>/dev/null) ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word")
}`;
