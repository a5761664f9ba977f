function _complete_merganser_lists() {
  local before=
  case "${COMP_WORDS[COMP_CWORD-1]}" in
    @LISTS@) before=${COMP_WORDS[COMP_CWORD]}; before=${before%%"${before##*,}"};;
  esac
  COMP_WORDS[COMP_CWORD]=${COMP_WORDS[COMP_CWORD]#"$before"}
  _complete_merganser "$@"
  [ -z "$before" ] || COMPREPLY=( "${COMPREPLY[@]/#/$before}" )
}
complete -F _complete_merganser_lists -o default merganser merganser.sh merganser.bash
