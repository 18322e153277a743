import Testing

@testable import Tracker

@Suite struct PrefixTableTests {
    @Test(arguments: [0, 1, 2, 15, 16, 17, 500]) func `each prefix is found at its place, others nowhere`(count: Int) {
        // Many share the eight bytes that are hashed.
        let prefixes = (0..<count).map { TypeName("machines" + String($0)) }
        let table = TypeNameTable(prefixes)
        for (position, typeName) in prefixes.enumerated() { #expect(table[typeName] == position) }
        for other in ["", "machines", "machines\(count)", "m"] { #expect(table[TypeName(other)] == nil) }
    }
}
