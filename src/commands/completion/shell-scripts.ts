/** The first argument with which the scripts ask the program how a line may continue; the words typed so far follow. */
export const completeWord = '__complete';

/** The line that says that a file name fits too. */
export const filesLine = ':files';

/** The shells that can complete command lines. */
export const completionShells = ['bash', 'zsh', 'fish'] as const;

/** What each shell must run once. The scripts ask the program, which prints `candidate<tab>description` lines. */
export const shellScripts: Readonly<Record<(typeof completionShells)[number], string>> = {
  bash: `# Completion for bash. Put this into ~/.bashrc: source <(longhaul completion bash)
_longhaul() {
  local text
  COMPREPLY=()
  while IFS=$'\\t' read -r text _; do
    if [[ $text == ${filesLine} ]]; then compopt -o default; else COMPREPLY+=("$text"); fi
  done < <("\${COMP_WORDS[0]}" ${completeWord} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _longhaul longhaul
`,
  zsh: `#compdef longhaul
# Completion for zsh. Put this into ~/.zshrc, after compinit: source <(longhaul completion zsh)
_longhaul() {
  local -a candidates
  local line files
  while IFS= read -r line; do
    if [[ $line == ${filesLine} ]]; then
      files=1
    else
      candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done < <("$words[1]" ${completeWord} "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( $#candidates )) && _describe longhaul candidates
  [[ -n $files ]] && _files
}
compdef _longhaul longhaul
`,
  fish: `# Completion for fish: longhaul completion fish > ~/.config/fish/completions/longhaul.fish
function __longhaul_complete
  set -l words (commandline -opc)
  set -l typed (commandline -ct)
  for line in ($words[1] ${completeWord} $words[2..-1] "$typed" 2>/dev/null)
    if test "$line" = ${filesLine}
      __fish_complete_path "$typed"
    else
      echo $line
    end
  end
end
complete -c longhaul -f -a '(__longhaul_complete)'
`,
};
