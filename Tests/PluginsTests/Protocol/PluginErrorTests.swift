import JSON
import Testing

@testable import Plugins

@Suite("What plug-ins refuse")
struct PluginErrorTests {
    private static func error(_ body: String, status: Int = 409) -> PluginError {
        PluginError(body: Array(body.utf8), status: status)
    }

    @Test func `an error is read as it is`() {
        let body = #"{"Code":404,"Key":"k","Messages":["one","two"],"Model":"m","Type":"t"}"#
        #expect(Self.error(body) == PluginError(404, "t", model: "m", key: "k", ["one", "two"]))
    }

    @Test func `of an error in a message, the messages count`() {
        let body = #"{"Code":400,"Messages":["{\"Code\":400,\"Messages\":[\"no step\",\"no name\"]}","{not JSON"]}"#
        #expect(Self.error(body).messages == ["no step", "no name", "{not JSON"])
    }

    @Test(arguments: [
        ("", "The plug-in answered with the status 409"), ("{}", "The plug-in answered with the status 409"),
        ("Internal Server Error", "Internal Server Error"), ("[1]", "[1]"),
    ])
    func `of what is no error, it is said what can be said`(body: String, message: String) {
        #expect(Self.error(body) == PluginError(409, [message]))
    }

    @Test(arguments: [0, -7, 200, 1_000_000])
    func `a code that is no refusal is not believed`(code: Int) {
        #expect(Self.error(#"{"Code":\#(code),"Messages":["x"]}"#).code == 409)
    }

    @Test func `messages are bounded in number and length`() {
        let texts = (0..<500).map { _ in "\"\(String(repeating: "x", count: 10_000))\"" }.joined(separator: ",")
        let error = Self.error("{\"Messages\":[\(texts)]}")
        #expect(error.messages.count == 100)
        #expect(error.messages.allSatisfy { $0.utf8.count == 4_096 })
    }
}
