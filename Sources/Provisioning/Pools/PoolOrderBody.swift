import Basics
import JSON
import Tracker

/// The body of a pool operation: keys beginning with `pool/`, all of which may be left out (C §19).
struct PoolOrderBody {
    private static let keys = [
        "pool/add-parameters", "pool/add-profiles", "pool/all-machines", "pool/count", "pool/filter",
        "pool/machine-list", "pool/minimum", "pool/remove-parameters", "pool/remove-profiles", "pool/wait-timeout",
        "pool/workflow",
    ]

    private let pool: String
    private var values: JSONObject = [:]
    /// The most filters, each of which is looked at for each machine.
    private static let mostFilters = 100

    /// - Throws: `undecodable` of a key that is none: who mistypes one would have other machines taken than they meant.
    init(_ body: JSONObject, of pool: String) throws(TrackerError) {
        self.pool = pool
        for (name, value) in body where value != .null {
            let name = name.asciiLowercased
            if Self.keys.contains(bytesOf: name) {
                values[name] = value
            } else if name.hasBytePrefix("pool/") {
                throw refusal("`\(name)` is none of the keys \(Self.keys.joined(separator: ", "))")
            }
        }
    }

    /// The length of what it says.
    var bytes: Int { JSONValue.object(values).canonicalBytes().count }

    func overlay() throws(TrackerError) -> PoolActions.Overlay {
        var overlay = PoolActions.Overlay()
        if let workflow = try text("pool/workflow"), !workflow.isEmpty { overlay.workflow = workflow }
        overlay.addedProfiles = try texts("pool/add-profiles")
        overlay.removedProfiles = try texts("pool/remove-profiles")
        overlay.removedParams = try texts("pool/remove-parameters")
        if let value = values["pool/add-parameters"] {
            guard case .object(let params) = value else { throw refusal("pool/add-parameters", value, "a map") }
            overlay.addedParams = params
        }
        return overlay
    }

    /// One machine if nothing is said. Public clients send zeros for what their users leave out.
    func selection() throws(TrackerError) -> PoolOrder.Selection {
        let count = try count("pool/count") ?? 0
        var seen: Set<Identifier> = []
        let list = (try texts("pool/machine-list") ?? []).filter { seen.insert(Identifier($0)).inserted }
        let all = try flag("pool/all-machines")
        guard [all, count > 0, !list.isEmpty].count(where: { $0 }) <= 1 else {
            throw refusal("pool/all-machines, pool/count and pool/machine-list exclude one another: give one of them")
        }
        if all { return .all }
        return list.isEmpty ? .count(max(1, count)) : .list(list)
    }

    /// All of those that are asked for by number or name, if nothing is said.
    func minimum(of selection: PoolOrder.Selection) throws(TrackerError) -> Int {
        let given = try count("pool/minimum") ?? 0
        let most: Int?
        switch selection {
        case .all: most = nil
        case .count(let count): most = count
        case .list(let names): most = names.count
        }
        guard let most else { return given }
        guard given <= most else {
            throw refusal("pool/minimum is \(given), more than the \(most) machines that are asked for")
        }
        return given == 0 ? most : given
    }

    func filters() throws(TrackerError) -> [(name: String, value: String)] {
        let texts = try texts("pool/filter") ?? []
        guard texts.count <= Self.mostFilters else {
            throw refusal("pool/filter has \(texts.count) filters, more than \(Self.mostFilters)")
        }
        return try texts.map { (text) throws(TrackerError) in
            guard let sign = text.firstByteIndex(of: "="), sign != text.startIndex else {
                throw refusal("pool/filter: `\(text)` is no filter such as Name=Re(^web)")
            }
            let value = text[text.utf8.index(after: sign)...]
            return (String(text[..<sign]), String(value))
        }
    }

    func wait() throws(TrackerError) -> Duration {
        guard let value = values["pool/wait-timeout"] else { return .zero }
        let text = value.stringValue ?? value.intValue.map(String.init) ?? ""
        if case .string("") = value { return .zero }
        guard let wait = Duration(musterText: text, defaultUnit: .seconds), wait >= .zero else {
            throw refusal("pool/wait-timeout", value, "seconds or a duration such as 30m")
        }
        return wait
    }

    // MARK: Values

    private func text(_ name: String) throws(TrackerError) -> String? {
        guard let value = values[name] else { return nil }
        guard case .string(let text) = value else { throw refusal(name, value, "a text") }
        return text
    }

    private func texts(_ name: String) throws(TrackerError) -> [String]? {
        guard let value = values[name] else { return nil }
        guard case .array(let elements) = value, elements.allSatisfy({ $0.stringValue != nil }) else {
            throw refusal(name, value, "a list of texts")
        }
        return elements.compactMap(\.stringValue)
    }

    private func flag(_ name: String) throws(TrackerError) -> Bool {
        guard let value = values[name] else { return false }
        guard let flag = value.boolValue else { throw refusal(name, value, "true or false") }
        return flag
    }

    private func count(_ name: String) throws(TrackerError) -> Int? {
        guard let value = values[name] else { return nil }
        guard let count = value.intValue, count >= 0 else {
            throw refusal(name, value, "a whole number that is not negative")
        }
        return count
    }

    private func refusal(_ name: String, _ value: JSONValue, _ wanted: String) -> TrackerError {
        let shown = String(decoding: value.canonicalBytes().prefix(100), as: UTF8.self)
        return refusal("\(name) must be \(wanted), not \(shown)")
    }

    private func refusal(_ message: String) -> TrackerError { TrackerError(.undecodable, "pools", key: pool, message) }
}
