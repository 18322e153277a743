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
}
