import JSON
import Provisioning
import Testing
import Tracker

/// Preferences (C §13).
@Suite struct PreferenceTests {
    private func set(_ values: JSONObject, in world: TestServer) async throws(TrackerError) {
        try await world.change { (draft) throws(TrackerError) in try draft.setPreferences(values) }
    }

    @Test func `a new server shows eleven preferences and keeps two to itself`() async throws {
        let world = try await TestServer()
        let preferences = Preferences(world.tracker.snapshot)
        #expect(
            preferences.listed == [
                "debugBootEnv": "warn", "debugDhcp": "warn", "debugFrontend": "warn", "debugPlugins": "warn",
                "debugRenderer": "warn", "defaultBootEnv": "local", "defaultStage": "none", "knownTokenTimeout": "3600",
                "logLevel": "warn", "unknownBootEnv": "ignore", "unknownTokenTimeout": "600",
            ])
        #expect(world.tracker.snapshot["preferences"]?.count == 13)
        #expect(preferences[.baseTokenSecret].utf8.count == 32)
        #expect(preferences[.systemGrantorSecret].utf8.count == 32)
        #expect(preferences[.baseTokenSecret] != preferences[.systemGrantorSecret])
        #expect(world.object("preferences", "logLevel") == ["Meta": [:], "Name": "logLevel", "Val": "warn"])
    }

    struct Case: Sendable {
        let name: String
        let value: String
        let message: String
    }

    @Test(arguments: [
        Case(name: "greg", value: "1", message: "Unknown Preference greg"),
        Case(name: "defaultBootEnv", value: "illegal", message: "defaultBootEnv: Bootenv illegal does not exist"),
        Case(name: "unknownBootEnv", value: "illegal", message: "unknownBootEnv: Bootenv illegal does not exist"),
        Case(
            name: "unknownBootEnv", value: "local",
            message: "unknownBootEnv: Bootenv local is for known machines, it lacks the OnlyUnknown flag"),
        Case(name: "defaultStage", value: "illegal", message: "defaultStage: Stage illegal does not exist"),
        Case(name: "defaultWorkflow", value: "foo", message: "defaultWorkflow: Workflow foo does not exist"),
        Case(
            name: "knownTokenTimeout", value: "illegal",
            message: #"knownTokenTimeout: strconv.Atoi: parsing "illegal": invalid syntax"#),
        Case(
            name: "unknownTokenTimeout", value: "99999999999999999999",
            message: #"unknownTokenTimeout: strconv.Atoi: parsing "99999999999999999999": value out of range"#),
        Case(name: "baseTokenSecret", value: "goofy", message: "baseTokenSecret: Must be 32 bytes long"),
        Case(name: "jobsToKeep", value: "many", message: #"jobsToKeep: strconv.Atoi: parsing "many": invalid syntax"#),
        Case(
            name: "failedJobsPurgedAfter", value: "soon",
            message: "failedJobsPurgedAfter: Invalid duration `soon`, use a number with a unit such as 30d"),
        Case(
            name: "debugDhcp", value: "9",
            message: "debugDhcp: Invalid level `9`, use one of trace, debug, info, warn, error, fatal, panic, audit"),
    ])
    func `a wrong preference is refused by name`(wrong: Case) async throws {
        let world = try await TestServer()
        let error = await refusal { () throws(TrackerError) in
            try await set([wrong.name: .string(wrong.value)], in: world)
        }
        #expect(error == TrackerError(.invalid, "prefs", wrong.message))
    }

    @Test func `one wrong preference keeps all others as they were`() async throws {
        let world = try await TestServer()
        let error = await refusal { () throws(TrackerError) in
            try await set(["knownTokenTimeout": "5000", "zzz": "1", "aaa": "2"], in: world)
        }
        #expect(error?.messages == ["Unknown Preference aaa", "Unknown Preference zzz"])
        #expect(Preferences(world.tracker.snapshot)[.knownTokenTimeout] == "3600")
    }

    @Test func `values are text`() async throws {
        let world = try await TestServer()
        let error = await refusal { () throws(TrackerError) in try await set(["knownTokenTimeout": 5], in: world) }
        #expect(error?.code == .undecodable)
    }

    @Test func `levels may still be numbers`() async throws {
        let world = try await TestServer()
        try await set(["debugDhcp": "2", "logLevel": "trace", "debugRenderer": "0"], in: world)
        let preferences = Preferences(world.tracker.snapshot)
        #expect(preferences[.debugDhcp] == "debug")
        #expect(preferences[.logLevel] == "trace")
        #expect(preferences[.debugRenderer] == "warn")
    }

    @Test func `optional preferences show once they have a value`() async throws {
        let world = try await TestServer()
        try await world.create("workflows", ["Name": "wf"])
        try await set(
            ["defaultWorkflow": "wf", "jobsToKeep": "7", "failedJobsPurgedAfter": "30d", "unknownTokenTimeout": "60"],
            in: world)
        let preferences = Preferences(world.tracker.snapshot)
        #expect(preferences.listed["defaultWorkflow"] == "wf")
        let retention = Retention(.jobs, preferences)
        #expect(retention.keptCount == 7)
        #expect(retention.failedAfter == .seconds(30 * 86_400))
        #expect(retention.completeAfter == nil)
        #expect(preferences.tokenTimeout(isKnown: false) == .seconds(60))
        #expect(preferences.tokenTimeout(isKnown: true) == .seconds(3600))
        try await set(["defaultWorkflow": ""], in: world)
        #expect(Preferences(world.tracker.snapshot).listed["defaultWorkflow"] == nil)
    }
}
