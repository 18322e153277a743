import Basics
import FuzzTesting
import JSON
import StoreTesting
import Testing

@testable import Tracker

/// What clients write in queries, headers and fields, and what the store gives back.
@Suite struct TrackerFuzzers {
    static let values = [
        Fuzzer.text("address") { text in
            if let address = IPAddress(text) {
                try FuzzFailure.unless(IPAddress(address.description) == address, "it reads back as another address")
            }
            if let block = CIDRBlock(text) {
                try FuzzFailure.unless(CIDRBlock(block.description) == block, "it reads back as another network")
                try FuzzFailure.unless(block.contains(block.network) && block.contains(block.last), "it lacks its ends")
                _ = block.overlaps(block)
            }
            if let address = MACAddress(text) {
                try FuzzFailure.unless(MACAddress(address.description) == address, "it reads back as another address")
            }
        },
        Fuzzer.text("duration", words: Duration.Unit.allCases.map(\.rawValue) + ["never", "."]) { text in
            for unit in Duration.Unit.allCases {
                guard let duration = Duration(musterText: text, defaultUnit: unit) else { continue }
                try FuzzFailure.unless(duration >= .zero, "it is negative")
                _ = (Timestamp.now + duration, Timestamp.zero + (.zero - duration), Timestamp.now - (.now + duration))
            }
        },
        Fuzzer.text("cursor", words: ["~", "zz", "3w5e11264sgsf"]) { text in
            guard case .after(let cursor) = try? EventStart(text) else { return }
            try FuzzFailure.unless(EventCursor(cursor.description) == cursor, "it reads back as another place")
        },
        Fuzzer.text("event-filter", words: ["*", "\\1", "\\2", "\\3", "machines"]) { text in
            guard let filter = try? EventFilter(text) else { return }
            _ = filter.matches(type: "boxes", action: "create", key: "a.b,*")
        },
        Fuzzer.text("name") { text in
            for rule in [NameRule.name, NameRule(mayStartWithNumber: true, separators: "- _./@:")] {
                _ = rule.allows(text)
            }
        },
        Fuzzer("admit", words: ["Id", "Shelf", "Labels", "Weight", "Params", "Meta", "id", "ID"]) { bytes in
            guard case .object(let object) = try? JSONValue(parsing: bytes) else { return }
            for type in [SampleTypes.boxes, SampleTypes.shelves] {
                guard let admitted = try? type.schema.decode(object) else { continue }
                try FuzzFailure.unless((try? type.schema.decode(admitted)) == admitted, "it is admitted as another one")
            }
        },
        Fuzzer("pack-value", words: ["sections", "kind", "name", "meta", "warnings", "stored"]) { bytes in
            guard let layer = Layer(encoded: bytes, .sample) else { return }
            try FuzzFailure.unless(
                Layer(encoded: layer.encoded, .sample)?.encoded == layer.encoded, "it reads back as another pack")
        },
        Fuzzer.text("key", words: [",", "%2C", "%25", "10.0.0.1", "::1", "9007199254740991"]) { text in
            for type in KeyedTypes.catalog.types {
                let key = type.key.bytes(ofPath: text)
                try FuzzFailure.unless(type.key.bytes(key.string) == key, "it reads back as another key")
                guard let values = type.key.values(text) else { continue }
                let object = JSONObject(values.map { ($0.part.field, $0.value) })
                let isSame = type.key.bytes(type.key.key(of: object)) == key
                try FuzzFailure.unless(isSame, "an object under it has another key")
            }
        },
        Fuzzer("encoded-key", words: ["\u{0}", "a"]) { bytes in
            let key = ByteString(bytes)
            _ = (key.string, "\(ObjectID("lots", key))")
            try FuzzFailure.unless(
                ByteString(storedText: key.storedText).string == key.string, "it is stored as another key")
            guard let parts = bytes.withUnsafeBytes({ EncodedKey.parts($0) }) else { return }
            try FuzzFailure.unless(EncodedKey.composite(parts) == key, "it is encoded as another key")
        },
        Fuzzer("data-key") { bytes in
            _ = bytes.withUnsafeBytes { StoreLayout.id(ofKey: $0) }
            _ = StoreLayout.number(bytes)
        },
    ]

    @Test(arguments: values) func `take whatever they are given`(fuzzer: Fuzzer) async throws { try await fuzzer.run() }

    @Test func `take any query`() async throws {
        let (tracker, _) = try SampleTypes.open()
        _ = try await tracker.commit(.system("test")) { draft throws(TrackerError) in
            for name in ["north", "south"] { try draft.create("shelves", ["Name": .string(name), "Height": 7]) }
            for number in 0..<40 {
                let params: JSONObject = ["a/b": JSONValue(number), "list": [1, "x"]]
                try draft.create(
                    "boxes",
                    [
                        "Id": .string("box-\(number)"), "Shelf": number % 3 == 0 ? "north" : "south",
                        "Weight": JSONValue(number % 5), "Params": .object(params), "Labels": ["x", "y"],
                    ])
            }
        }
        let state = tracker.snapshot
        let words = [
            "Eq(", "Ne(", "Lt(", "Between(", "Except(", "In(", "Nin(", "Re(", "limit=", "offset=", "sort=", "reverse",
        ]
        try await Fuzzer.text("query", words: words) { text in
            let arguments = text.split(separator: "&").map { argument in
                let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
            }
            _ = try? EventConditions(text.split(separator: "&").map(String.init), SampleTypes.catalog)
            for type in [SampleTypes.boxes, SampleTypes.shelves] {
                guard let query = try? ListQuery(arguments: arguments, type: type) else { continue }
                _ = state.isBrief(type.typeName, query)
                guard let result = try? state.list(type.typeName, query) else { continue }
                try FuzzFailure.unless(
                    result.objects.count <= result.filteredCount && result.filteredCount <= result.totalCount,
                    "\(result.objects.count) of \(result.filteredCount) of \(result.totalCount)")
            }
        }.run()
    }
}
