import Access
import JSON
import Logging
import Store
import StoreTesting
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// Whatever is written in whatever way, secrets stand nowhere in clear, and everyone who may gets them back.
@Suite(.timeLimit(.minutes(10)), .allTransports) struct SecretPropertyTests {
    private static let told = [
        "/profiles", "/stages", "/kk", "/profiles?revision=9", "/history?limit=1000", "/events?since=0&limit=10000",
        "/profiles/p1/history", "/profiles/packed/history", "/stages/s1/explain", "/profiles/packed/explain",
        "/profiles/p1/params/s/one/explain", "/changes/12", "/contents", "/logs",
    ]

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `no stored byte and no answer has a secret in clear`(seed: UInt64) async throws {
        let store = MemoryStore()
        let server = try await TestServer(store: store)
        try await server.browse { browser in
            let start = try await browser.get("\(RandomSecrets.api)/events/cursor").json["cursor"]?.stringValue ?? ""
            var secrets = try await RandomSecrets(server, browser, seed: seed)
            var log: [String] = []
            for _ in 0..<40 {
                log.append(try await secrets.step())
                let problem: Comment = "seed \(seed): \(log.joined(separator: "; "))"
                try await checkValues(secrets, browser, problem)
                #expect(try Self.clearBytes(in: store) == [], problem)
            }
            for path in Self.told {
                let path = path.replacing("since=0", with: "since=\(start)")
                let text = try await browser.get("\(RandomSecrets.api)\(path)").text
                #expect(!text.contains(RandomSecrets.mark), "seed \(seed): \(path)")
                #expect(!text.contains("sealing_keys"), "seed \(seed): \(path)")
            }
            let report = try await server.tracker.check()
            #expect(report.isClean, "seed \(seed): \(report.differences)")
            try checkAgain(secrets, server, store, seed)
        }
    }

    /// The values are sealed, but opened for those who may know them.
    private func checkValues(_ secrets: RandomSecrets, _ browser: Browser, _ problem: Comment) async throws {
        for (path, params) in secrets.model {
            let opened = try await browser.get("\(RandomSecrets.api)\(path)?decode=true").json["Params"]
            #expect(opened == .object(JSONObject(params)), problem)
        }
    }

    /// A server that starts with the same store opens the same values, and changes nothing.
    private func checkAgain(
        _ secrets: RandomSecrets, _ server: TestServer, _ store: MemoryStore, _ seed: UInt64
    ) throws {
        let before = server.tracker.snapshot
        let (again, problems) = try DataTracker.open(
            store: store, catalog: before.catalog, writable: [:], packs: [], logger: Logger(label: "test"))
        #expect(problems.isEmpty)
        for (path, params) in secrets.model {
            let parts = path.split(separator: "/").map(String.init)
            let id = ObjectID(TypeName(parts[0]), ByteString(parts[1]))
            let object = try #require(again.snapshot[id], "seed \(seed): \(path)")
            #expect(object.document == before[id]?.document, "seed \(seed): \(path)")
            let opened = ParamDecryptor(again.snapshot)(object.object["Params"]?.objectValue ?? [:], of: id)
            #expect(opened == JSONObject(params), "seed \(seed): \(path)")
        }
        #expect(try Self.clearBytes(in: store) == [], "seed \(seed)")
    }

    /// The keys of all entries of the store that have the mark in them.
    private static func clearBytes(in store: MemoryStore) throws -> [String] {
        let mark = Array(RandomSecrets.mark.utf8)
        var found: [String] = []
        for keyspace in Keyspace.allCases {
            try store.scan(keyspace, from: nil, upTo: nil, descending: false) { key, value in
                if [key, value].contains(where: { Array($0).firstRange(of: mark) != nil }) {
                    found.append("\(keyspace) \(String(decoding: key, as: UTF8.self))")
                }
                return true
            }
        }
        return found
    }
}
