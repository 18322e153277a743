extension HelpTopic {
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
