import Basics
import JSON
import Provisioning
import Store
import StoreTesting
import Testing
import Tracker

@testable import Plugins

@Suite("Plug-in providers")
struct ProviderTests {
    private static func definition(_ text: String) throws -> ProviderDefinition {
        try ProviderDefinition(Array(text.utf8), named: "counter")
    }

    @Test func `a definition is read, and its actions are the provider's`() throws {
        let definition = try Self.definition(
            """
            {"Name": "counter", "PluginVersion": 4, "AutoStart": true, "RequiredParams": ["a/b"], "Content": "meta: {}",
             "AvailableActions": [{"Command": "count", "Model": "machines", "Provider": "another"}],
             "StoreObjects": {"cows": {"Spotted": {"type": "boolean"}}, "bulls": null}}
            """)
        #expect(definition.isAutoStarting && !definition.hasPublish)
        #expect(definition.requiredParams == ["a/b"])
        #expect(definition.actions.map(\.provider) == ["counter"])
        #expect(definition.actions.map(\.optionalParams) == [[]])
        #expect(definition.rawTypes.map(\.typeName.rawValue).sorted() == ["bulls", "cows"])
    }

    @Test(arguments: [
        ("[]", "its definition is no object"), ("{\"Name\": \"x\"}", "it calls itself `x`, and not `counter`"),
        ("{\"Name\": \"counter\"}", "it speaks version 0 of the plug-in protocol, and this server version 4"),
        (
            "{\"Name\": \"counter\", \"PluginVersion\": 4, \"AvailableActions\": [7]}",
            "one of its actions has no Command"
        ),
    ])
    func `a definition that makes no sense is refused`(text: String, reason: String) {
        #expect(throws: ProgramError(reason)) { try Self.definition(text) }
    }

    @Test(arguments: [
        ("all", "x", true), ("none", "x", false), ("x, y", "y", true), ("x,y", "z", false), ("x", "X", false),
    ])
    func `a setting says which providers are let in`(setting: String, provider: String, isAllowed: Bool) throws {
        #expect(try #require(ProviderAllowance(setting)).allows(provider) == isAllowed)
    }

    @Test(arguments: ["", " ", "x,,y", ","])
    func `a setting that names nobody is none`(setting: String) { #expect(ProviderAllowance(setting) == nil) }

    @Test func `so many lines a second go to the log, and what is left out is counted`() {
        var throttle = OutputThrottle()
        let start = ContinuousClock.now
        for _ in 0..<OutputThrottle.most { #expect(throttle.verdict(at: start) == .log(droppedBefore: 0)) }
        for _ in 0..<7 { #expect(throttle.verdict(at: start + .milliseconds(999)) == .drop) }
        #expect(throttle.verdict(at: start + .seconds(1)) == .log(droppedBefore: 7))
        #expect(throttle.verdict(at: start + .seconds(1)) == .log(droppedBefore: 0))
    }

    @Test func `what moves a terminal's cursor is no part of a line`() {
        var splitter = LineSplitter()
        #expect(splitter.add("\u{1B}[2Jgone\r\n\n  \nnext".utf8) == [" [2Jgone"])
        #expect(splitter.rest == "next")
        #expect(splitter.add(Array(repeating: UInt8(ascii: "x"), count: LineSplitter.longest)).count == 1)
    }
}
