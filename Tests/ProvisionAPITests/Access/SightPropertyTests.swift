import HTTPTypes
import JSON
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// Whatever is asked, no answer tells of an object that the same user cannot get.
@Suite(.timeLimit(.minutes(10)), .allTransports) struct SightPropertyTests {
    private typealias Name = RandomAccessModel.Name

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `no answer tells of what the same user cannot get`(seed: UInt64) async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let start =
                try await browser.get("\(RandomAccessModel.api)/events/cursor").json["cursor"]?.stringValue ?? ""
            let realm = try await RandomAccessModel(browser, seed: seed)
            var told = 0
            for user in realm.users {
                let seen = try await realm.gettable(user.browser)
                for (question, names) in try await answers(to: user.browser, realm, start) {
                    let secret = names.subtracting(seen).filter { realm.objects.contains($0) }
                    #expect(secret.isEmpty, "seed \(seed): \(user.name), \(question)")
                    told += names.count
                }
                try await checkCounts(user.browser, user.name, seen, "seed \(seed): \(user.name)")
            }
            #expect(told > 100, "seed \(seed): the users are told of nothing, which shows nothing")
        }
    }

    /// All that a user is told, by what was asked.
    private func answers(
        to user: Browser, _ realm: RandomAccessModel, _ start: String
    ) async throws -> [(String, Set<Name>)] {
        let api = RandomAccessModel.api
        var answers: [(String, Set<Name>)] = []
        for type in RandomAccessModel.types {
            for query in ["", "?reverse=true&limit=3", "?Key=ne()", "?slim=Params", "?revision=40"] {
                let list = try await user.get("\(api)/\(type)\(query)").json
                answers.append(("list \(type)\(query)", objects(list, type)))
            }
        }
        let events = try await user.get("\(api)/events?since=\(start)&limit=10000").json["events"]
        answers.append(("events", names(events, "Type", "Key")))
        let records = try await user.get("\(api)/history?limit=1000").json["records"]?.arrayValue ?? []
        for record in records {
            answers.append(("history", names(record["changes"])))
        }
        for revision in stride(from: 3, to: 30, by: 4) {
            let shown = try await user.get("\(api)/changes/\(revision)").json
            answers.append(("changes \(revision)", names(shown["changes"])))
            let undone = try await user.send(.post, "\(api)/changes/\(revision)/undo?dryRun=true", [:]).json
            answers.append(("undo \(revision)", names(undone["changes"]).union(machines(undone))))
        }
        for pack in try await user.get("\(api)/contents").json.arrayValue ?? [] {
            let name = pack["meta"]?["Name"]?.stringValue ?? ""
            let sections = try await user.get("\(api)/contents/\(name)").json["sections"]?.objectValue ?? [:]
            answers.append(
                (
                    "contents \(name)",
                    Set(
                        sections.flatMap { section in
                            (section.value.objectValue?.keys ?? []).map { Name(type: section.key, key: $0) }
                        })
                ))
        }
        for machine in realm.objects where machine.type == "machines" {
            let path = "\(api)/machines/\(machine.key)"
            let param = try await user.get("\(path)/params/color/explain").json
            answers.append(("explain", names(param["values"])))
            let history = try await user.get("\(path)/history").json
            answers.append(("history of \(machine)", names(history["versions"])))
        }
        return answers + (try await dryRuns(user))
    }

    /// What changes would change: of what the user may write, and through it of what the user may not even see.
    private func dryRuns(_ user: Browser) async throws -> [(String, Set<Name>)] {
        let changes: [JSONValue] = [
            [
                "op": "patch", "type": "profiles", "key": "global",
                "patch": [["op": "add", "path": "/Params/shade", "value": 1]],
            ],
            [
                "op": "patch", "type": "profiles", "key": "p1",
                "patch": [["op": "add", "path": "/Params/shade", "value": 1]],
            ],
            [
                "op": "patch", "type": "stages", "key": "s1",
                "patch": [["op": "add", "path": "/Description", "value": "x"]],
            ],
            [
                "op": "patch", "type": "profiles", "key": "p2",
                "patch": [["op": "test", "path": "/Name", "value": "p2"]],
            ],
            ["op": "create", "type": "profiles", "object": ["Name": "fresh"]],
        ]
        var answers: [(String, Set<Name>)] = []
        for change in changes {
            let body: JSONValue = ["changes": [change]]
            let answer = try await user.send(.post, "\(RandomAccessModel.api)/changes?dryRun=true", body).json
            var told = names(answer["changes"]).union(machines(answer))
            for result in answer["results"]?.arrayValue ?? [] where result["object"] != nil {
                told.formUnion(names([result]))
            }
            answers.append(("dry run of \(change)", told))
        }
        return answers
    }

    private func checkCounts(_ user: Browser, _ name: String, _ seen: Set<Name>, _ who: String) async throws {
        for type in RandomAccessModel.types {
            let list = try await user.send(.head, "\(RandomAccessModel.api)/\(type)")
            guard list.status == 200 else { continue }
            // Whoever may get objects and not list them is shown an empty list.
            let path = "\(RandomAccessModel.api)/system/whydenied?user=\(name)&path=/\(type)"
            guard let mayList = try await user.get(path).json["allowed"]?.boolValue else { continue }
            let count = mayList ? seen.count { $0.type == type } : 0
            for header in [HTTPField.Name.listCount, .listFilterCount, .listTotalCount] {
                #expect(list.headers[header] == String(count), "\(who), \(type), \(header)")
            }
        }
        let info = try await user.get("\(RandomAccessModel.api)/info").json
        let machines = info["stats"]?.arrayValue?.first { $0["name"] == "machines.count" }
        if let machines { #expect(machines["count"]?.intValue == seen.count { $0.type == "machines" }, "\(who)") }
    }

    private func names(_ rows: JSONValue?, _ type: String = "type", _ key: String = "key") -> Set<Name> {
        Set(
            (rows?.arrayValue ?? []).compactMap { row in
                guard let type = row[type]?.stringValue, let key = row[key]?.stringValue else { return nil }
                return Name(type: type, key: key)
            })
    }

    private func objects(_ rows: JSONValue, _ type: String) -> Set<Name> {
        let field = type == "machines" ? "Uuid" : "Name"
        return Set((rows.arrayValue ?? []).compactMap { $0[field]?.stringValue.map { Name(type: type, key: $0) } })
    }

    private func machines(_ report: JSONValue) -> Set<Name> {
        let rows = report["params"]?["machines"]?.arrayValue ?? []
        return Set(rows.compactMap { $0["key"]?.stringValue.map { Name(type: "machines", key: $0) } })
    }
}
