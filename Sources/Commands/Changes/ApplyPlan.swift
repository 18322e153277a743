import Basics
import Client
import JSON

/// What has to be changed so that a server has what documents say.
struct ApplyPlan {
    /// The changes, as `POST /changes` takes them.
    private(set) var changes: [JSONValue] = []
    /// How many documents say what is so already.
    private(set) var unchanged = 0

    private let client: MusterClient
    private let types: TypeDescriptions
    /// The objects of each type by key, and those by unique name.
    private var known: [Identifier: Existing] = [:]
    private var kept: [Identifier: Set<Identifier>] = [:]

    /// The most objects that are looked up one by one; of more many are asked for at once.
    private static let fewDocuments = 20
    /// So many are asked for at once, which makes a request's head of some kilobytes.
    private static let valuesAtOnce = 500

    /// How many bytes of changes are sent at once, at the least.
    private static let partSize = 256 << 10

    private struct Existing {
        var byKey: [Identifier: JSONObject] = [:]
        var byName: [Identifier: JSONObject] = [:]
    }

    /// A plan over the present state of a server.
    init(_ documents: [AppliedDocument], _ client: MusterClient) async throws(ClientError) {
        self.client = client
        types = try await client.types()
        var ofTypes: [Identifier: [AppliedDocument]] = [:]
        var names: [Identifier: Identifier] = [:]
        for document in documents {
            let given = Identifier(document.type)
            if names[given] == nil { names[given] = Identifier(try types.type(document.type).name) }
            ofTypes[names[given] ?? given, default: []].append(document)
        }
        for (name, documents) in ofTypes.sorted(by: { $0.key < $1.key }) {
            let type = try types.type(name.text)
            try await load(type, documents)
            for document in documents { try add(document, type) }
        }
    }

    /// Adds the removal of whatever has a value in its `Meta`, is in the writable layer and is not among the documents.
    mutating func prune(_ name: String, _ value: String) async throws(ClientError) {
        for type in types.all where type.verbs.contains("delete") && type.field("Meta") != nil {
            var surplus: [JSONValue] = []
            let keep = kept[Identifier(type.name)] ?? []
            try await client.forEachPage(of: type.name, [("slim", "Params")]) { (rows) throws(ClientError) in
                for row in rows where row.member(at: ["Meta", name])?.equals(.string(value)) == true {
                    let row = row.value()
                    let key = type.key(of: row)
                    if row["Bundle"]?.stringValue ?? "" == "", row["ReadOnly"]?.boolValue != true,
                        !keep.contains(Identifier(key))
                    {
                        surplus.append(["op": "delete", "type": .string(type.name), "key": .string(key)])
                    }
                }
            }
            changes += surplus
        }
    }

    /// The request that carries the changes out, one a line, so that the server reads the first while the last are made.
    func request(
        query: [(name: String, value: String)], headers: [(name: String, value: String)] = []
    ) -> APIRequest {
        var request = APIRequest("POST", ["changes"], query: query, headers: headers)
        request.contentType = "application/x-ndjson"
        request.stream = StreamedBody { [changes] in
            var sent = 0
            return { () throws(ClientError) -> [UInt8]? in
                guard sent < changes.count else { return nil }
                var part: [UInt8] = []
                while sent < changes.count, part.count < Self.partSize {
                    part += changes[sent].canonicalBytes()
                    part.append(UInt8(ascii: "\n"))
                    sent += 1
                }
                return part
            }
        }
        return request
    }

    /// Finds out what there is already of what documents are about.
    private mutating func load(_ type: TypeDescription, _ documents: [AppliedDocument]) async throws(ClientError) {
        var existing = Existing()
        func add(_ value: JSONValue) {
            guard let object = value.objectValue else { return }
            existing.byKey[Identifier(type.key(of: value))] = object
            if let name = object["Name"]?.stringValue { existing.byName[Identifier(name)] = object }
        }
        var groups: [Identifier: [String]] = [:]
        for document in documents {
            guard let (index, value) = Self.place(of: document.object, type) else { continue }
            let isListed = type.indexes.contains { $0.name.hasSameUTF8(as: index) && $0.isUnique }
            if documents.count > Self.fewDocuments, isListed, !value.utf8.contains(UInt8(ascii: ",")) {
                groups[Identifier(index), default: []].append(value)
                continue
            }
            let path = index.hasSameUTF8(as: type.keyField) ? value : "\(index):\(value)"
            do throws(ClientError) {
                add(try await client.send(APIRequest("GET", [type.name, path])).json())
            } catch  where error.kind == .notFound {
                continue
            }
        }
        let requests = groups.flatMap { index, values in
            stride(from: 0, to: values.count, by: Self.valuesAtOnce).map { start in
                let some = values[start..<min(start + Self.valuesAtOnce, values.count)]
                let query = [(index.text, "In(\(some.joined(separator: ",")))"), ("limit", String(some.count))]
                return APIRequest("GET", [type.name], query: query)
            }
        }
        try await client.forEachAnswer(to: requests) { (answer) throws(ClientError) in
            for row in try answer.json().arrayValue ?? [] { add(row) }
        }
        known[Identifier(type.name)] = existing
    }

    /// The unique index that tells what a document is about, and its value; nil if the document says neither key nor name.
    private static func place(of object: JSONObject, _ type: TypeDescription) -> (index: String, value: String)? {
        if let key = object[type.keyField].map(FieldList.cell), !key.isEmpty { return (type.keyField, key) }
        let isNamed = type.indexes.contains { $0.name == "Name" && $0.isUnique }
        return isNamed ? object["Name"]?.stringValue.map { ("Name", $0) } : nil
    }

    private mutating func add(_ document: AppliedDocument, _ type: TypeDescription) throws(ClientError) {
        let object = document.object
        do throws(ClientError) {
            for member in object.members { _ = try type.knownField(member.key) }
        } catch {
            throw ClientError(error.kind, "\(document.source): \(error.message)")
        }
        let key = object[type.keyField].map(FieldList.cell) ?? ""
        let present = known[Identifier(type.name)]
        guard
            let before = present?.byKey[Identifier(key)]
                ?? object["Name"]?.stringValue.flatMap({ present?.byName[Identifier($0)] })
        else {
            guard !key.isEmpty || object["Name"] != nil else {
                throw ClientError(.usage, "\(document.source) says neither \(type.keyField) nor Name")
            }
            if !key.isEmpty { kept[Identifier(type.name), default: []].insert(Identifier(key)) }
            changes.append(["op": "create", "type": .string(type.name), "object": .object(object)])
            return
        }
        let actual = type.key(of: .object(before))
        kept[Identifier(type.name), default: []].insert(Identifier(actual))
        var after = before
        for (name, value) in object.members.map({ ($0.key, $0.value) }) {
            guard let field = type.field(name), !field.isServerSet else { continue }
            after[field.name] = value
        }
        let patch = JSONPatch.diff(from: .object(before), to: .object(after), testing: true)
        if patch.isEmpty {
            unchanged += 1
        } else {
            changes.append([
                "op": "patch", "type": .string(type.name), "key": .string(actual), "patch": patch.value,
            ])
        }
    }
}
