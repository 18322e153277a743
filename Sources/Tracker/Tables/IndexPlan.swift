import Basics
import Glibc
import JSON

/// Finds the fields that a type's indexes draw on in one pass over a document: both the members of a canonical document and
/// the fields wanted of it are in the order of their names.
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
        var positions: [Identifier: [Int]] = [:]
        for (position, declaration) in declarations.enumerated() {
            guard let field = declaration.source.fieldName else { continue }
            positions[Identifier(field), default: []].append(position)
        }
        var (steps, names, ordered): ([Step], [UInt8], [Int]) = ([], [], [])
        for (field, indexes) in positions.sorted(by: { $0.key < $1.key }) {
            let (name, position) = (names.count, ordered.count)
            names += field.text.utf8
            ordered += indexes
            let wantsKeys = indexes.allSatisfy { declarations[$0].source == .field(field.text) }
            steps.append(
                Step(name: name..<names.count, positions: position..<ordered.count, wantsKeys: wantsKeys))
        }
        (self.steps, self.names, self.positions) = (steps, names, ordered)
    }

    /// The values of each index in `document`, each value once, in ascending order.
    func values(in document: JSONDocument) -> [[ByteString]] {
        var values = [[ByteString]](repeating: [], count: declarations.count)
        withFields(of: document) { fields in
            forEachIndex { position, step in values[position] = self.values(at: position, in: fields[step]) }
        }
        return values
    }

    /// Calls `body` with each index and the step that finds its field.
    @inline(__always)
    func forEachIndex(_ body: (_ position: Int, _ step: Int) -> Void) {
        for step in steps.indices { for place in steps[step].positions { body(positions[place], step) } }
    }

    /// The values of the index at `position`, each once, in ascending order.
    ///
    /// - Parameter field: the text of the field that the index draws on; no bytes where that is missing.
    func values(at position: Int, in field: UnsafeRawBufferPointer) -> [ByteString] {
        var values: [ByteString] = []
        IndexReader.forEachValue(declarations[position], ofField: field) { values.append(ByteString($0)) }
        return IndexReader.distinct(values)
    }

    /// Runs `body` on the text of each step's field in `document`, no bytes where the field is missing.
    func withFields(of document: JSONDocument, _ body: (UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Void) {
        document.withUnsafeBytes { text in
            withUnsafeTemporaryAllocation(of: UnsafeRawBufferPointer.self, capacity: steps.count) { fields in
                fields.initialize(repeating: UnsafeRawBufferPointer(start: nil, count: 0))
                var next = 0
                JSONScan.forEachMember(of: text) { key, value in
                    if let step = step(named: key, from: &next) { fields[step] = value }
                    return next < steps.count
                }
                body(UnsafeBufferPointer(fields))
            }
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
