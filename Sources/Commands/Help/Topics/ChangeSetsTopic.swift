extension HelpTopic {
    /// Change sets and what history makes of them.
    static let changeSets = HelpTopic(
        name: "change-sets", abstract: "many changes as one: apply, dry runs, history and undo",
        text: """
            CHANGE SETS

            A change set is a list of changes that happen in one revision, or not at all. `apply` makes one of files:

              muster diff -f rack4/                       what would change, with the effects on machines
              muster apply -f rack4/ --reason 'rack 4'    have it so

            A folder has a file for each object, TYPE/NAME.yaml. A file has documents {type, object}: in YAML several of them
            with --- between, in JSON an array. Members that a document has are set, others stay; --prune KEY=VALUE also
            deletes what has this in its Meta and is not in the input. Objects may refer to each other whatever their order.

            Every change has a revision, who made it, and why if --reason says so:

              muster history                              the latest changes
              muster history machine Name:web-1           those of one object
              muster show machine Name:web-1 --at 2026-03-01T12:00:00Z
              muster undo 4711                            take back what a revision did, if nothing was built on it

            Over HTTP: POST /api/v3/changes {"changes": [{"op": "create", "type": "profiles", "object": {…}},
            {"op": "patch", "type": "machines", "key": "Name:web-1", "patch": […]}, {"op": "delete", …}]}, with ?dryRun=true
            to see what would happen.
            """)
}
