extension HelpTopic {
    /// Forms of output and exit codes.
    static let output = HelpTopic(
        name: "output", abstract: "forms of output, templates and exit codes",
        text: """
            OUTPUT

            -o FORM says what to print:

              table                 columns that fit the terminal; the usual form
              wide                  more columns, as wide as it takes (-w)
              json                  the server's JSON; errors are JSON too, on standard error
              yaml                  YAML; what `apply` and `edit` read
              name                  TYPE/KEY, a line for each object
              jsonpath=TEMPLATE     text with paths in braces: '{.Name} is at {.Address}', '{.Params["a/b"]}', '{.Profiles[*]}'
              template=TEMPLATE     a Go template with sprig's functions: '{{.Name | upper}}{{range .Profiles}} {{.}}{{end}}'

            Colour is for terminals only, and for none if NO_COLOR is set. Notes, progress and errors go to standard error.

            Exit codes:

              0   done
              1   refused by the server, or differences were found
              2   the command line makes no sense
              3   there is no such thing
              4   somebody else was faster, or it exists already, or it is in use
              5   the server cannot be reached or is not trusted
              6   it could not be found out
            """)
}
