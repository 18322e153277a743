import Glibc
import JSON

/// Reads the values of all of a type's indexes in one pass over a document: both the members of a canonical document and the
/// fields wanted of it are in the order of their names.
struct IndexPlan: Sendable {
    /// The indexes, in the type's order.
    let declarations: [IndexDeclaration]
    /// For each index, whether it may leave out values that most rows have.
    let mayOmit: [Bool]
    let steps: [Step]
    /// The names of all fields, one after the other.
    private let names: [UInt8]
    /// The positions of the indexes, step by step.
    let positions: [Int]

    /// The indexes that draw on one field. It holds no references: counting them would take longer than the reading.
    struct Step: Sendable {
        let name: Range<Int>
        let positions: Range<Int>
        /// Whether of an object in the field only the keys matter.
        let wantsKeys: Bool
    }

    init(_ declarations: [IndexDeclaration]) {
        self.declarations = declarations
        mayOmit = declarations.map { !$0.isUnique }
        var positions: [String: [Int]] = [:]
        for (position, declaration) in declarations.enumerated() {
            guard let field = declaration.source.fieldName else { continue }
            positions[field, default: []].append(position)
        }
        var (steps, names, ordered): ([Step], [UInt8], [Int]) = ([], [], [])
        for (field, indexes) in positions.sorted(by: { ByteString($0.key) < ByteString($1.key) }) {
            let (name, position) = (names.count, ordered.count)
            names += field.utf8
            ordered += indexes
            let wantsKeys = indexes.allSatisfy { declarations[$0].source == .field(field) }
            steps.append(
                Step(name: name..<names.count, positions: position..<ordered.count, wantsKeys: wantsKeys))
        }
        (self.steps, self.names, self.positions) = (steps, names, ordered)
    }

    /// The values of each index in `document`, each value once, in ascending order.
    func values(in document: JSONDocument) -> [[ByteString]] {
        var values = [[ByteString]](repeating: [], count: declarations.count)
        document.withUnsafeBytes { text in
            forEachField(in: text) { position, text in
                IndexReader.forEachValue(declarations[position], ofField: text) {
                    values[position].append(ByteString($0))
                }
            }
        }
        for position in values.indices { values[position] = IndexReader.distinct(values[position]) }
        return values
    }

    /// Calls `body` with the text of the field that each index draws on, where the document of that `text` has it.
    @inline(__always)
    private func forEachField(
        in text: UnsafeRawBufferPointer, _ body: (_ position: Int, _ text: UnsafeRawBufferPointer) -> Void
    ) {
        guard !steps.isEmpty else { return }
        var next = 0
        JSONScan.forEachMember(of: text) { key, value in
            if let step = step(named: key, from: &next) {
                for index in steps[step].positions { body(positions[index], value) }
            }
            return next < steps.count
        }
    }

    /// The step that wants the member called `key`.
    ///
    /// - Parameter next: the first step that may, which is moved on: members come in the order of their names.
    @inline(__always)
    func step(named key: UnsafeRawBufferPointer, from next: inout Int) -> Int? {
        names.withUnsafeBytes { names in
            while next < steps.count {
                let name = steps[next].name
                let shared = min(name.count, key.count)
                let bytes = shared == 0 ? 0 : memcmp(names.baseAddress! + name.lowerBound, key.baseAddress!, shared)
                let order = bytes != 0 ? Int(bytes) : name.count - key.count
                if order > 0 { return nil }
                next += 1
                if order == 0 { return next - 1 }
            }
            return nil
        }
    }
}
