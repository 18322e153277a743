extension HelpTopic {
    /// How lists are filtered and sorted (contract §7.2).
    static let filters = HelpTopic(
        name: "filters", abstract: "which objects a list, a count or a watch shows",
        text: """
            FILTERS

            `list`, `count` and `watch` take filters behind the type; all of them must hold:

              muster list machines 'Name=Re(^web)' Runnable=true

            A filter is INDEX=VALUE or INDEX=OPERATION(VALUE). `muster types TYPE` shows fields, `muster help list` the flags.

              Name=web-1               equal, as Name=Eq(web-1)
              Name=Ne(web-1)           not equal
              Address=Lt(10.0.0.9)     less; also Lte, Gt and Gte
              Address=Between(A,B)     from A to B, both included
              Address=Except(A,B)      outside of that
              Name=In(web-1,web-2)     one of these
              Name=Nin(web-1,web-2)    none of these
              Name=Re(^web-[0-9])      matches the pattern

            A list index, as Profiles or Tasks of machines, tests elements: Profiles=rack-4 finds the machines that have the
            profile, Profiles=Eq(a,b) those that have both.

            Types with params (machines, profiles, stages, …) are filtered by the name of any param too; with
            aggregate=true by the value that the object ends up with:

              muster list machines install/disk=/dev/sda aggregate=true

            --sort INDEX sorts, --reverse turns the order round, --limit and --offset take a part. Without --sort the order is
            that of the keys, byte by byte. Quote what the shell would take for itself: parentheses, stars and spaces.
            """)

    /// JSON patches (RFC 6902, contract §8.1).
    static let patches = HelpTopic(
        name: "patches", abstract: "changes of parts of an object, safe against others' changes",
        text: """
            PATCHES

            A patch (RFC 6902) is a JSON array of operations that are done in order, all or none of them:

              muster patch machine Name:web-1 '[
                {"op": "test", "path": "/Description", "value": ""},
                {"op": "replace", "path": "/Description", "value": "rack 4"}]'

            The operations are add, remove, replace, move, copy and test. A path names a member by member from the top; ~1
            stands for a slash in a name, and ~0 for a tilde: the param install/disk is /Params/install~1disk. `-` behind a
            list means its end: /Profiles/-.

            A `test` that fails refuses the whole patch with exit code 4, so that you do not overwrite what somebody else has
            changed since you looked. Numbers are compared by value, objects without regard to the order of their members.

            `muster set TYPE KEY FIELD=VALUE…` makes such a patch for you; `muster edit` replaces the whole object if nobody
            was faster; --dry-run shows what any of them would change.
            """)

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
