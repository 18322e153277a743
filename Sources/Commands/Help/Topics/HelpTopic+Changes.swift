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
            {"op": "patch", "type": "machines", "key": "Name:web-1", "patch": […]}, {"op": "delete", …}]}, or one change a line
            as application/x-ndjson; with ?dryRun=true to see what would happen, with ?brief=true for an answer without the
            objects.
            """)

    /// Content packs and layers (contract §14).
    static let packs = HelpTopic(
        name: "packs", abstract: "content packs: layers of objects that you keep in git",
        text: """
            PACKS

            A content pack is a set of objects with a name and a version. The server lays packs over each other: what you write
            lies on top, then packs from the server's disk, packs that were uploaded, and built-in defaults. An object of an
            upper layer hides that of a lower one; deleting it shows the lower one again. `muster explain TYPE KEY` names the
            layer that an object comes from.

            In a folder a pack has a file for each object, TYPE/NAME.yaml (or .json), templates as they are under templates/, and
            its metadata in files called ._NAME.meta: ._Name.meta, ._Version.meta, ._Description.meta.

              muster packs new shop             make such a folder
              muster packs lint shop/           check it, without a server
              muster packs plan shop/           what an upload would change, down to the params of machines
              muster packs apply shop/          upload it, with the commit that it came from
              muster packs drift shop/          what the server has that the folder has not
              muster packs rollback shop        undo the last upload
              muster packs bundle shop/ shop.yaml   one file of it, for `packs upload` and `drpcli contents`

            An upload replaces the whole pack, or is refused as a whole.
            """)
}
