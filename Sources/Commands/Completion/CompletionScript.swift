import ArgumentParser

/// The scripts that shells load: they hand the command line to `muster complete` and offer what it prints.
enum CompletionScript: String, CaseIterable, ExpressibleByArgument, Sendable {
    case bash, zsh, fish

    /// The script.
    var text: String {
        switch self {
        case .bash: Self.bashText
        case .zsh: Self.zshText
        case .fish: Self.fishText
        }
    }

    /// bash splits words at `=` and `:`, so the whole line is handed over and candidates come without what bash has split off.
    private static let bashText = """
        # Completion of muster for bash: load it by  source <(muster completion bash)
        _muster() {
            COMPREPLY=()
            local answer line word about open kind=""
            answer="$("${COMP_WORDS[0]}" complete --shell bash --word "$2" -- "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)" || return
            while IFS= read -r line; do
                if [ -z "$kind" ]; then kind="$line"; continue; fi
                word="${line%%$'\\t'*}"
                [ "${line%$'\\t'+}" != "$line" ] && open=1
                if [ -n "$word" ]; then COMPREPLY+=("$(printf %q "$word")"); fi
            done <<<"$answer"
            [ -n "$open" ] && compopt -o nospace
            case "$kind" in
                file) compopt -o filenames; while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$2") ;;
                directory) compopt -o filenames; while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -d -- "$2") ;;
            esac
        }
        complete -F _muster muster

        """

    private static let zshText = """
        #compdef muster
        # Completion of muster for zsh: as a file _muster on $fpath, or by  source <(muster completion zsh)
        _muster() {
            local line word about kind=""
            local -a whole open
            while IFS= read -r line; do
                if [[ -z $kind ]]; then kind=$line; continue; fi
                word=${${line%%$'\\t'*}//:/\\\\:}
                about=${line#*$'\\t'}
                if [[ $about == *$'\\t'+ ]]; then
                    open+=("$word:${about%$'\\t'+}")
                else
                    whole+=("$word:$about")
                fi
            done < <("${words[1]}" complete --shell zsh -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
            case $kind in
                file) _files ;;
                directory) _files -/ ;;
            esac
            (( $#open )) && _describe -V muster open -S ''
            (( $#whole )) && _describe -V muster whole
        }
        if [ "$funcstack[1]" = "_muster" ]; then _muster "$@"; else compdef _muster muster; fi

        """

    private static let fishText = """
        # Completion of muster for fish: as ~/.config/fish/completions/muster.fish, or by  muster completion fish | source
        function __muster_complete
            set -l typed (commandline -opc)
            set -l kind
            for line in ($typed[1] complete --shell fish -- $typed[2..-1] (commandline -ct | string unescape) 2>/dev/null)
                if test -z "$kind"
                    set kind $line
                    switch $kind
                        case file
                            __fish_complete_path (commandline -ct)
                        case directory
                            __fish_complete_directories (commandline -ct)
                    end
                else
                    string replace -r '\\t\\+$' '' -- $line
                end
            end
        end
        complete -c muster -f -a '(__muster_complete)'

        """
}
