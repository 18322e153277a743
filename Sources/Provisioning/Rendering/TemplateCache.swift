import Basics
import JSON
import Synchronization
public import Templates
import Tracker

/// Templates parsed before, by their text: a boot file is asked for by many machines at once.
public final class TemplateCache: Sendable {
    private struct State {
        var templates: [Identifier: [(source: Identifier, template: Template)]] = [:]
        var bytes = 0
        var objects: [ObjectID: Decoded] = [:]
    }

    /// A bootenv or stage, decoded.
    private struct Decoded: Sendable {
        let revision: Revision
        let object: JSONObject
        let sources: [TemplateSource]
    }

    /// How many bytes of text are kept; when there are more, all are forgotten.
    private let most: Int
    /// How many bootenvs and stages are remembered; when there are more, all are forgotten.
    private static let mostObjects = 10_000
    private let state = Mutex(State())

    /// A cache of `most` bytes of template text.
    public init(most: Int = 16 << 20) { self.most = most }

    /// What a text comes to.
    ///
    /// - Parameters:
    ///   - name: what errors call it.
    ///   - data: dot.
    ///   - limits: what it may take.
    /// - Throws: why it cannot be rendered.
    public func render(
        _ text: String, named name: String, _ data: TemplateValue, limits: TemplateLimits
    ) throws(RenderError) -> String {
        let template: Template
        do throws(TemplateError) { template = try self.template(text, named: name) } catch {
            throw RenderError("\(error)")
        }
        do throws(TemplateExecutionError) {
            return try template.execute(
                data, functions: RenderServices.functions, options: TemplateOptions(limits: limits))
        } catch { throw RenderError(error.description) }
    }

    /// The files and scripts of a bootenv or stage, decoded once for as long as it is the same.
    func sources(of object: StoredObject, _ id: ObjectID) -> [TemplateSource] { decoded(object, id).sources }

    /// The fields of a bootenv or stage, decoded once for as long as it is the same.
    func object(_ object: StoredObject, _ id: ObjectID) -> JSONObject { decoded(object, id).object }

    private func decoded(_ object: StoredObject, _ id: ObjectID) -> Decoded {
        if let known = state.withLock({ $0.objects[id] }), known.revision == object.revision { return known }
        let fields = object.object
        let decoded = Decoded(
            revision: object.revision, object: fields,
            sources: fields.objects("Templates").map { TemplateSource($0) })
        state.withLock { state in
            if state.objects.count >= Self.mostObjects { state.objects = [:] }
            state.objects[id] = decoded
        }
        return decoded
    }

    /// The template of a text.
    ///
    /// - Parameter name: what errors call it.
    /// - Throws: what is wrong with the text.
    func template(_ text: String, named name: String) throws(TemplateError) -> Template {
        let (title, body) = (Identifier(name), Identifier(text))
        let known = state.withLock { state in state.templates[title]?.first { $0.source == body }?.template }
        if let known { return known }
        let template = try Template(parsing: text, name: name)
        state.withLock { state in
            if state.bytes + text.utf8.count > most { state = State() }
            state.bytes += text.utf8.count
            state.templates[title, default: []].append((body, template))
        }
        return template
    }
}
