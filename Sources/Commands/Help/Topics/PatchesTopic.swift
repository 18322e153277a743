extension HelpTopic {
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
}
