import ArgumentParser
import Client
import JSON

/// The verbs for devices of either kind: which of the two one is, the inventory is asked.
enum FleetDevices {
    /// The verbs.
    static let verbs: [any ParsableCommand.Type] = [
        NounList<FleetNouns.Device>.self, Show.self, Update.self, Delete.self,
    ]

    /// `muster fleet device-show`.
    struct Show: FleetClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "device-show", abstract: "Show a host or network device.",
            discussion: """
                Examples:
                  muster fleet device-show 7 -o json
                """)

        @OptionGroup var one: FleetMemberName
        @OptionGroup var fleet: FleetOptions

        func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
            let (collection, id) = try await inventory.device(one.member)
            try await inventory.show(collection, id, session)
        }
    }

    /// `muster fleet device-update`.
    struct Update: FleetClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "device-update", abstract: "Change a host or network device.",
            discussion: """
                A value is JSON, or else text. What the two kinds have not in common is changed by host-update and \
                network-device-update.

                Examples:
                  muster fleet device-update 7 --name other --reason 'ticket 7'
                """)

        @OptionGroup var one: FleetMemberName
        @OptionGroup var members: NounMembers<FleetNouns.Device>
        @OptionGroup var fleet: FleetOptions

        func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
            let body = try await members.body(inventory, isNew: false)
            let (collection, id) = try await inventory.device(one.member)
            try await inventory.update(collection, id, body, session)
        }
    }

    /// `muster fleet device-delete`.
    struct Delete: FleetClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "device-delete", abstract: "Remove a host or network device, with all that is in it.",
            discussion: """
                Examples:
                  muster fleet device-delete 7 --reason 'gone'
                """)

        @OptionGroup var one: FleetMemberName
        @OptionGroup var fleet: FleetOptions

        func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
            let (collection, id) = try await inventory.device(one.member)
            try await inventory.remove(collection, id)
        }
    }
}

extension FleetInventory {
    /// The device that a word means: an id, or a name that only one of all devices has.
    ///
    /// - Throws: `ClientError` of kind `notFound`, or `usage` for a name of several.
    func device(_ word: String) async throws(ClientError) -> (collection: String, id: String) {
        var found: [(collection: String, id: String)] = []
        for collection in ["hosts", "network-devices"] {
            do throws(ClientError) {
                let id = try await id(collection, word)
                _ = try await send("GET", [collection, id])
                found.append((collection, id))
            } catch  where error.kind == .notFound {
                continue
            }
        }
        guard let first = found.first else { throw ClientError(.notFound, "devices/\(word): Not Found") }
        guard found.count == 1 else {
            let ids = found.map { "\($0.collection)/\($0.id)" }.joined(separator: ", ")
            throw ClientError(.usage, "`\(word)` is the name of several devices: \(ids)")
        }
        return first
    }
}
