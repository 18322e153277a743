import HTTPServing
import HTTPTypes
import JSON
import Provisioning
import Tracker

/// What can be searched and sorted by, and which types there are (C §7.1, §8).
enum IndexesHandlers {
    static var routes: [Route] {
        [
            Route(.get, "/indexes", .account, all),
            Route(.get, "/indexes/{prefix}", .account, ofType),
            Route(.get, "/indexes/{prefix}/{name}", .account, one),
            Route(.get, "/objects", .claim(scope: "objects", action: "list"), objects),
        ]
    }

    private static func all(_ call: RequestContext) -> Answer {
        let types = call.tracker.catalog.publishedTypes.map {
            ($0.typeName.rawValue, JSONValue.object(indexes(of: $0)))
        }
        return .json(.object(JSONObject(types)))
    }

    /// A type that does not exist has the indexes that every type has, but for `Bundle`.
    private static func ofType(_ call: RequestContext) -> Answer {
        guard let type = call.tracker.catalog.visibleType(TypeName(call["prefix"])) else {
            var base = object(of: Conventions.provisioning.baseIndexes)
            base["Bundle"] = nil
            return .json(.object(base))
        }
        return .json(.object(indexes(of: type)))
    }

    private static func one(_ call: RequestContext) -> Answer {
        let indexes =
            call.tracker.catalog.visibleType(TypeName(call["prefix"])).map(indexes)
            ?? object(of: Conventions.provisioning.baseIndexes)
        let none: JSONValue = ["Type": "", "Unique": false, "Unordered": false, "Regex": false]
        return .json(indexes[call["name"]] ?? none)
    }

    private static func objects(_ call: RequestContext) -> Answer {
        let listed = call.tracker.catalog.publishedTypes.filter { $0.traits.contains(.listed) }
        return .json(JSONValue(listed.map(\.typeName.rawValue)))
    }

    private static func indexes(of type: ObjectType) -> JSONObject { object(of: type.baseIndexes + type.indexes) }

    private static func object(of indexes: [IndexDeclaration]) -> JSONObject {
        JSONObject(
            indexes.map { index in
                (
                    index.name,
                    [
                        "Type": .string(index.kindText), "Unique": .bool(index.isUnique),
                        "Unordered": .bool(index.isUnordered), "Regex": .bool(index.hasRegex),
                    ]
                )
            })
    }
}
