import Basics
import FuzzTesting
import JSON
import Provisioning
import Testing

@testable import Plugins

/// What programs of plug-ins say: of themselves, in answers, and in calls.
@Suite struct PluginsFuzzers {
    static let all = [
        Fuzzer.text("plugin-call", words: ["/objects/", "%2F", "?", "/v4/", "POST ", " {}"]) { text in
            let parts = text.parts(between: " ", maxSplits: 2).map(String.init)
            guard parts.count >= 2 else { return }
            do throws(PluginError) {
                let call = try PluginCall(parts[0], parts[1], Array((parts.count > 2 ? parts[2] : "").utf8))
                guard case .removeObject(_, let key) = call else { return }
                try? FuzzFailure.unless(!key.text.isEmpty, "it removes an object without a key")
            } catch {
                precondition((400...499).contains(error.code) && !error.messages.isEmpty)
            }
        },
        Fuzzer("plugin-error", words: ["Messages", "{\\\"Messages\\\":[\\\"x\\\"]}", "Code"]) { bytes in
            let error = PluginError(body: bytes, status: 500)
            try FuzzFailure.unless((400...599).contains(error.code), "the status \(error.code)")
            try FuzzFailure.unless(!error.messages.isEmpty, "no message")
            try FuzzFailure.unless(error.messages.allSatisfy { $0.utf8.count <= 3 * 4_096 }, "a message without end")
            let again = PluginError(body: error.document.bytes, status: 400)
            try FuzzFailure.unless(again.code == error.code, "it reads back with another code")
        },
        Fuzzer("plugin-definition", words: ["StoreObjects", "isrequired", "Command", "counter"]) { bytes in
            guard let definition = try? ProviderDefinition(bytes, named: "counter") else { return }
            try FuzzFailure.unless(definition.actions.allSatisfy { !$0.command.isEmpty }, "an action without a name")
            try FuzzFailure.unless(definition.actions.allSatisfy { $0.provider == "counter" }, "another's action")
            for type in definition.rawTypes where type.nameProblem == nil { _ = type.type }
        },
        Fuzzer("plugin-output", words: ["\n", "READY!\n", "\0", "\u{1B}["]) { bytes in
            var whole = LineSplitter()
            let lines = whole.add(bytes)
            // In whatever pieces it comes, it is the same.
            var pieces = LineSplitter()
            var collected: [String] = []
            for start in stride(from: 0, to: bytes.count, by: 3) {
                collected += pieces.add(bytes[start..<min(start + 3, bytes.count)])
            }
            try FuzzFailure.unless(collected == lines && pieces.rest == whole.rest, "pieces make other lines")
            try FuzzFailure.unless(
                lines.allSatisfy { !$0.isEmpty && $0.utf8.count <= 3 * LineSplitter.longest }, "an endless line")
        },
    ]

    @Test(arguments: all) func `take whatever they are given`(fuzzer: Fuzzer) async throws { try await fuzzer.run() }
}
