import Basics
import JSON
import Testing
import Tracker

@testable import Plugins

@Suite("What plug-ins ask of the server")
struct PluginCallTests {
    private static func call(_ method: String, _ target: String, _ body: String = "") throws -> PluginCall {
        try PluginCall(method, target, Array(body.utf8))
    }

    @Test(arguments: ["api-plugin-server", "api-server-plugin"], ["v3", "v4"])
    func `both spellings of the path are understood`(root: String, version: String) throws {
        let call = try Self.call("POST", "/\(root)/\(version)/publish", #"{"Type":"a","Action":"b","Key":"c"}"#)
        #expect(call == .publish(["Type": "a", "Action": "b", "Key": "c"]))
    }

    @Test(arguments: [(#""error""#, "error"), ("2", "2"), ("null", "")])
    func `a line of the log has a level by name or by number`(level: String, expected: String) throws {
        let call = try Self.call("POST", "/api-server-plugin/v4/log", #"{"Level":\#(level),"Message":"m"}"#)
        #expect(call == .log(level: Identifier(expected), message: "m"))
    }

    @Test func `a plug-in that leaves says why`() throws {
        let call = try Self.call("POST", "/api-server-plugin/v4/leaving", #"{"Code":500,"Messages":["no licence"]}"#)
        #expect(call == .leaving(PluginError(500, ["no licence"])))
    }

    @Test func `objects are listed, shown, kept and removed`() throws {
        let root = "/api-server-plugin/v4/objects/cows"
        #expect(try Self.call("GET", root) == .listObjects("cows"))
        #expect(try Self.call("GET", root + "/bess%2Fie") == .getObject("cows", key: "bess/ie"))
        #expect(
            try Self.call("POST", root + "/a/b", #"{"Id":"a/b"}"#) == .saveObject("cows", key: "a/b", ["Id": "a/b"]))
        #expect(try Self.call("DELETE", root + "/bessie") == .removeObject("cows", key: "bessie"))
    }

    @Test(arguments: [
        ("GET", "/api-server-plugin/v4/publish"), ("POST", "/api/v3/machines"), ("POST", "/api-server-plugin/v4"),
        ("POST", "/api-server-plugin/v4/dance"), ("DELETE", "/api-server-plugin/v4/objects/cows"), ("POST", ""),
    ])
    func `what is no call is not found`(method: String, target: String) {
        #expect(throws: PluginError(404, method, key: target, ["No route"])) { try Self.call(method, target, "{}") }
    }

    @Test(arguments: ["", "[]", "{", "null"])
    func `a body that is no object is refused`(body: String) throws {
        let error = #expect(throws: PluginError.self) { try Self.call("POST", "/api-server-plugin/v4/log", body) }
        #expect(error?.code == 400)
    }
}
