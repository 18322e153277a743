import Basics
import Fleet
import JSON

/// A collection of the API, as data: its path, what bodies and queries may say, and what it answers (F §3, §4).
struct FleetResource: Sendable {
    /// The kind of its members.
    let kind: FleetKind
    /// Its path below the base.
    let path: String
    /// The member of a list's body that has its members.
    let listKey: String
    /// What `POST` takes.
    let creating: BodySchema
    /// What `PUT` takes; nil if there is none.
    let changing: BodySchema?
    /// The filters of lists, and further arguments.
    let filters: [QuerySchema.Argument]
    /// The members of an object as it is read, apart from variables.
    let columns: [String]
    /// Columns that lists are not sorted by.
    var unsortable: [String] = []
    /// Whether its members have variables that clients see.
    var hasVariables = true
    /// Whether there are endpoints for the variables.
    var hasVariableEndpoints = true
    /// Whether a `GET` of one member shows variables that others hand on to it, unless that is not wanted.
    var showsResolved = false
    /// Whether a `GET` of variables alone does.
    var resolvesVariables = false
    /// Whether lists by name or id are look-ups of one (F §4).
    var looksUp = false
    /// The level that reading takes, and the level of making and removing.
    var readLevel = FleetCaller.Level.plain
    var writeLevel = FleetCaller.Level.plain
    /// The level that listing takes.
    var listLevel = FleetCaller.Level.plain
    /// Members of bodies that are in the answer to a `POST` and nowhere else.
    var echoed: [String] = []

    /// The arguments of lists.
    var listQuery: QuerySchema {
        let isProject = kind == .project
        let paging: [QuerySchema.Argument] = [
            .init("limit", .limit, initial: 30), .init("marker", isProject ? .string : .integer),
            .init("sort_keys", .string), .init("sort_dir", .direction),
        ]
        return QuerySchema(
            filters + paging, synonyms: [(name: "sort_key", means: "sort_keys"), (name: "detail", means: "details")])
    }

    /// The arguments of a `GET` of one member.
    var itemQuery: QuerySchema {
        showsResolved ? QuerySchema([.init("resolved-values", .boolean, initial: true)]) : .none
    }

    /// The arguments of a `GET` of its variables.
    var variableQuery: QuerySchema {
        let additions: [QuerySchema.Argument] = showsResolved ? [.init("explain", .boolean, initial: false)] : []
        let arguments: [QuerySchema.Argument] =
            resolvesVariables ? [.init("resolved-values", .boolean, initial: true)] : []
        return QuerySchema(arguments, additions: additions)
    }

    /// The columns that lists may be sorted by.
    var sortable: [String] { columns.filter { !unsortable.contains(bytesOf: $0) } }
}

extension FleetResource {
    /// All collections.
    static let all = [
        projects, users, clouds, regions, cells, hosts, networkDevices, networks, networkInterfaces, variableRights,
        accessSecrets,
    ]

    static let clouds = FleetResource(
        kind: .cloud, path: "clouds", listKey: "clouds",
        creating: BodySchema(named + [("regions", .objects)], required: ["name"]),
        changing: BodySchema([("name", .string), ("note", .string)]),
        filters: [
            .init("id", .integer), .init("name", .string), .init("vars", .string),
            .init("details", .boolean, initial: false),
        ], columns: ["id", "name", "note", "project_id"] + times, looksUp: true)

    static let regions = FleetResource(
        kind: .region, path: "regions", listKey: "regions",
        creating: BodySchema(
            named + [("cloud_id", .integer), ("cells", .objects)], required: ["cloud_id", "name"]),
        changing: BodySchema([("name", .string), ("note", .string), ("cloud_id", .integer)]),
        filters: [.init("id", .integer), .init("name", .string), .init("cloud_id", .integer)] + variableFilters,
        columns: ["id", "name", "note", "cloud_id", "project_id"] + times, showsResolved: true, looksUp: true)

    static let cells = FleetResource(
        kind: .cell, path: "cells", listKey: "cells",
        creating: BodySchema(
            named + [("cloud_id", .integer), ("region_id", .integer)], required: ["cloud_id", "name", "region_id"]),
        changing: BodySchema([
            ("name", .string), ("note", .string), ("cloud_id", .integer), ("region_id", .integer),
        ]),
        filters: [
            .init("id", .integer), .init("name", .string), .init("cloud_id", .integer), .init("region_id", .string),
        ] + variableFilters,
        columns: ["id", "name", "note", "cloud_id", "region_id", "project_id"] + times, showsResolved: true)

    static let times = ["created_at", "updated_at"]

    static let variableFilters: [QuerySchema.Argument] = [
        .init("vars", .string), .init("details", .boolean), .init("resolved-values", .boolean, initial: true),
    ]

    private static let named: [(name: String, type: PropertyType)] = [
        ("name", .string), ("note", .string), ("variables", .variables),
    ]
}
