import Basics
import JSON
import Provisioning
import Templates

/// An option of a subnet or reservation: its value is a template over what the client sent (C §17.2).
struct OptionTemplate: Sendable {
    let code: UInt8
    let value: String

    /// The options of an object.
    static func all(in fields: JSONObject) -> [OptionTemplate] {
        (fields["Options"]?.arrayValue ?? []).compactMap { option in
            guard let code = option["Code"]?.intValue.flatMap({ UInt8(exactly: $0) }) else { return nil }
            return OptionTemplate(code: code, value: option["Value"]?.stringValue ?? "")
        }
    }

    /// What templates may take: an answer must not wait for one.
    private static let limits = TemplateLimits(
        calls: 20, depth: 100, steps: 20_000, time: .milliseconds(50), output: 4 << 10)

    /// The text that the value comes to.
    ///
    /// - Parameter request: what the client sent, by the numbers of options.
    /// - Throws: why it cannot be rendered.
    func text(for request: DHCPOptions, _ cache: TemplateCache) throws(RenderError) -> String {
        guard value.utf8.contains(UInt8(ascii: "{")) else { return value }
        return try cache.render(
            value, named: "option \(code)", Self.data(of: request), limits: Self.limits)
    }

    /// What the client sent, as `{{index . 77}}` finds it: a text for each number, empty for what it did not send.
    private static func data(of request: DHCPOptions) -> TemplateValue {
        var texts = [String](repeating: "", count: 256)
        for (code, value) in request.all { texts[Int(code.rawValue)] = OptionText.decode(value, of: code.rawValue) }
        return .strings(texts)
    }
}
