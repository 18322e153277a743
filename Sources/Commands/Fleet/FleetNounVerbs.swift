import ArgumentParser
import Basics
import Client
import JSON

/// `muster fleet host-list` and its like.
struct NounList<Noun: FleetNoun>: FleetClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "\(Noun.noun)-list", abstract: "List \(Noun.plural).",
            discussion: """
                Examples:
                  muster fleet \(Noun.noun)-list --limit 0
                  muster fleet \(Noun.noun)-list --fields id created_at -o yaml
                """)
    }

    @OptionGroup var filters: NounFilters<Noun>
    @OptionGroup var page: FleetPageOptions
    @OptionGroup var fleet: FleetOptions

    func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
        try await page.list(Noun.collection, try await filters.query(inventory), inventory, session)
    }
}

/// `muster fleet host-show` and its like.
struct NounShow<Noun: FleetNoun>: FleetClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "\(Noun.noun)-show", abstract: "Show a \(Noun.title).",
            discussion: """
                Examples:
                  muster fleet \(Noun.noun)-show 7 -o json
                """)
    }

    @OptionGroup var one: FleetMemberName
    @OptionGroup var fleet: FleetOptions

    func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
        try await inventory.show(Noun.collection, one.member, session)
    }
}

/// `muster fleet host-create` and its like.
struct NounCreate<Noun: FleetNoun>: FleetClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "\(Noun.noun)-create", abstract: "Make a \(Noun.title).",
            discussion: """
                A value is JSON, or else text.

                Examples:
                  muster fleet \(Noun.noun)-create \(Noun.example)
                """)
    }

    @OptionGroup var members: NounMembers<Noun>
    @OptionGroup var fleet: FleetOptions

    func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
        try await inventory.create(Noun.collection, try await members.body(inventory, isNew: true), session)
    }
}

/// `muster fleet host-update` and its like.
struct NounUpdate<Noun: FleetNoun>: FleetClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "\(Noun.noun)-update", abstract: "Change a \(Noun.title).",
            discussion: """
                A value is JSON, or else text.

                Examples:
                  muster fleet \(Noun.noun)-update 7 --name other --reason 'ticket 7'
                """)
    }

    @OptionGroup var one: FleetMemberName
    @OptionGroup var members: NounMembers<Noun>
    @OptionGroup var fleet: FleetOptions

    func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
        let body = try await members.body(inventory, isNew: false)
        try await inventory.update(Noun.collection, one.member, body, session)
    }
}

/// `muster fleet host-delete` and its like.
struct NounDelete<Noun: FleetNoun>: FleetClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "\(Noun.noun)-delete", abstract: "Remove a \(Noun.title), with all that is in it.",
            discussion: """
                Examples:
                  muster fleet \(Noun.noun)-delete 7 --reason 'gone'
                """)
    }

    @OptionGroup var one: FleetMemberName
    @OptionGroup var fleet: FleetOptions

    func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
        try await inventory.remove(Noun.collection, one.member)
    }
}

/// `muster fleet host-vars-get` and its like.
struct NounVariables<Noun: FleetNoun>: FleetClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "\(Noun.noun)-vars-get", abstract: "Show the variables of a \(Noun.title).",
            discussion: """
                Examples:
                  muster fleet \(Noun.noun)-vars-get 7
                """)
    }

    @OptionGroup var one: FleetMemberName
    @OptionGroup var fleet: FleetOptions

    func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
        try await inventory.variables(Noun.collection, one.member, session)
    }
}

/// `muster fleet host-vars-set` and its like.
struct NounVariablesSet<Noun: FleetNoun>: FleetClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "\(Noun.noun)-vars-set", abstract: "Set and remove variables of a \(Noun.title).",
            discussion: """
                NAME=VALUE sets a variable, NAME= removes it. A value is JSON, or else text.

                Examples:
                  muster fleet \(Noun.noun)-vars-set 7 ntp='["10.0.0.1"]' location=
                  muster fleet \(Noun.noun)-vars-set 7 -f variables.yaml
                """)
    }

    @OptionGroup var one: FleetMemberName
    @Argument(
        help: ArgumentHelp("NAME=VALUE, or NAME= to remove it; it covers what the file says.", valueName: "name=value"))
    var assignments: [String] = []
    @Option(
        name: .short,
        help: ArgumentHelp(
            "A file with an object of variables, as JSON or YAML; - is standard input.", valueName: "file"),
        completion: .file())
    var file: String?
    @OptionGroup var fleet: FleetOptions

    func validate() throws {
        if assignments.isEmpty, file == nil { throw ValidationError("Say NAME=VALUE, or -f FILE") }
    }

    func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
        var variables: JSONObject = [:]
        if let file { variables = try await InputDocument(reading: file).object(as: nil) }
        try await inventory.variables(Noun.collection, one.member, values: variables, setting: assignments, session)
    }
}

/// `muster fleet host-vars-delete` and its like.
struct NounVariablesDelete<Noun: FleetNoun>: FleetClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "\(Noun.noun)-vars-delete", abstract: "Remove variables of a \(Noun.title).",
            discussion: """
                Examples:
                  muster fleet \(Noun.noun)-vars-delete 7 location
                """)
    }

    @OptionGroup var one: FleetMemberName
    @Argument(help: ArgumentHelp("The names of the variables.", valueName: "name")) var names: [String]
    @OptionGroup var fleet: FleetOptions

    func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
        try await inventory.variables(Noun.collection, one.member, setting: names.map { $0 + "=" }, session)
    }
}
