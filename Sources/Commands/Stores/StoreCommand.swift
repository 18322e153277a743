import ArgumentParser
import Basics
import Client
import JSON
import Store
import Tracker

/// `muster store`.
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Look at stores that no server has open, and copy them.",
        discussion: """
            Examples:
              muster store info lmdb:/var/lib/muster/muster
              muster store copy lmdb:/var/lib/muster/muster directory:/srv/fleet
            """,
        subcommands: [Copy.self, Info.self])

    /// `muster store copy`.
    struct Copy: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "copy", abstract: "Copy a store into another of any kind, and compare the two.",
            discussion: """
                History comes along, and so does the identity: a server on the copy serves the same bytes and takes the same \
                cursors, so serve only one of them. A file: has no history.

                Examples:
                  muster store copy lmdb:/var/lib/muster/muster lmdb:/mnt/new/muster
                  muster store copy lmdb:/var/lib/muster/muster file:/tmp/fleet.yaml
                """)

        @Argument(help: ArgumentHelp("The store to copy.", valueName: "from")) var source: String
        @Argument(help: ArgumentHelp("The store to make; it must be empty or not there yet.", valueName: "to"))
        var target: String

        func run() throws {
            let (tools, progress) = (StoreTools(), ProgressLine())
            let outcome = try tools.with(source, isReadOnly: true, progress) { from throws(StoreError) in
                let to = try tools.open(target, progress)
                let outcome = Result { () throws(StoreError) in
                    try StoreCopy(of: from) { progress.tell($0) }.run(into: to)
                }
                try to.close()
                return try outcome.get()
            }
            let count = outcome.counts.values.reduce(0, +)
            try Console().finish(
                "\(target) is as \(source): revision \(outcome.revision), \(count) entries, "
                    + "SHA-256 \(Hexadecimal.encode(outcome.hash))\n"
            )
        }
    }

    /// `muster store info`.
    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info", abstract: "Show what a store holds and how large that is.",
            discussion: """
                Examples:
                  muster store info lmdb:/var/lib/muster/muster
                  muster store info directory:/srv/fleet -o json
                """)

        @OptionGroup var form: OutputOptions
        @Argument(help: ArgumentHelp("The store.", valueName: "store")) var store: String

        func run() throws {
            let (tools, progress) = (StoreTools(), ProgressLine())
            let facts = try tools.with(store, isReadOnly: true, progress) { store throws(StoreError) in
                try StoreFacts(of: store) { progress.tell($0) }
            }
            try Console().finish(
                form.output.isTable ? facts.text : try form.output.text(of: facts.value) { $0.canonicalText })
        }
    }
}
