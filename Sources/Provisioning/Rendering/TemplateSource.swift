import Basics
import JSON
import Templates
import Tracker

/// One file or script of a bootenv, stage or task: where it is, and what is in it, as templates (C §5.1).
public struct TemplateSource: Sendable {
    /// What it is called there.
    public let name: String
    /// The path of the file, a template; empty for scripts.
    let path: String
    /// The path of the file that this one shows under its own, a template; mostly empty.
    let link: String
    /// The shared template that is in it; empty if it has contents of its own.
    let id: String
    /// The template that is in it.
    let contents: String

    /// What its path begins and ends with, whatever is rendered between; empty where that cannot be told.
    private let head: String
    private let tail: String

    /// The source that a `TemplateInfo` describes.
    init(_ info: JSONObject) {
        (name, path, link) = (info.text("Name"), info.text("Path"), info.text("Link"))
        (id, contents) = (info.text("ID"), info.text("Contents"))
        (head, tail) = Self.ends(of: path)
    }

    /// A template of somebody's own.
    public init(name: String, contents: String) {
        (self.name, self.contents) = (name, contents)
        (path, link, id) = ("", "", "")
        (head, tail) = ("", "")
    }

    /// Whether its path may come to `path`: without rendering it that is out of the question for most.
    func mayBe(at path: String) -> Bool { path.hasBytePrefix(head) && path.hasByteSuffix(tail) }

    /// The text in front of the first action and behind the last one.
    private static func ends(of path: String) -> (head: String, tail: String) {
        let parts = path.parts(between: "{")
        guard let first = parts.first, let last = path.parts(between: "}").last, parts.count > 1 else {
            return (String(path.drop { $0 == "/" }), "")
        }
        let (head, tail) = (String(first.drop { $0 == "/" }), String(last))
        // Slashes and dots that paths come out without are not to be compared.
        let isPlain = ![head, tail].contains {
            $0.contains(text: "//") || $0.contains(text: "./") || $0.contains(text: "/.")
        }
        return isPlain && !path.contains(text: "-}}") && !path.contains(text: "{{-") ? (head, tail) : ("", "")
    }

    /// The text that is in it, still a template, and what errors call that.
    ///
    /// - Throws: if the shared template is not there.
    func text(in view: Snapshot) throws(RenderError) -> (text: String, name: String) {
        guard !id.isEmpty else { return (contents, name) }
        guard let shared = view.object("templates", id) else { throw RenderError("No common template for \(id)") }
        return (shared.text("Contents"), id)
    }
}

extension RenderScene {
    /// What a source comes to.
    func render(_ source: TemplateSource) throws(RenderError) -> String {
        let (text, name) = try source.text(in: view)
        return try render(text, named: name, missingKey: .default)
    }

    /// What a text comes to; it may call the shared templates.
    func render(
        _ text: String, named name: String, missingKey: TemplateOptions.MissingKey
    ) throws(RenderError) -> String {
        // Most paths and arguments have no action.
        guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
        let template: Template
        do throws(TemplateError) { template = try services.cache.template(text, named: name) } catch {
            throw RenderError("\(error)")
        }
        do throws(TemplateExecutionError) {
            return try template.execute(
                data, in: shared, functions: RenderServices.functions,
                options: TemplateOptions(missingKey: missingKey), environment: services.environment)
        } catch { throw RenderError(error.description) }
    }
}
