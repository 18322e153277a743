import Basics
import JSON
import Provisioning
import Testing
import Tracker

@Suite struct RawTypesTests {
    private static func cows(_ provider: String, _ properties: JSONObject = [:]) -> RawTypeDeclaration {
        RawTypeDeclaration("cows", properties, provider: provider)
    }

    @Test func `a type that two providers declare alike is one`() {
        let types = RawTypes([Self.cows("one"), Self.cows("other")], besides: [])
        #expect(types.usable.map(\.typeName) == ["cows"])
        #expect(types.problems == [])
    }

    @Test func `a type that two providers declare differently is the first one's`() {
        let types = RawTypes([Self.cows("one"), Self.cows("other", ["Horned": ["type": "boolean"]])], besides: [])
        #expect(types.usable.map(\.provider) == ["one"])
        #expect(types.problems == ["The type cows is declared differently by the providers one and other"])
    }

    @Test(arguments: ["machines", "isos"]) func `names that paths begin with are taken`(name: String) {
        let declaration = RawTypeDeclaration(TypeName(name), [:], provider: "one")
        let types = RawTypes([declaration], besides: ["machines", "isos"])
        #expect(types.usable.isEmpty)
        #expect(types.problems == ["Provider one: the name \(name) is the server's own"])
    }

    @Test(arguments: ["", "1cow", "a.b", "a/b", "a,b", "*", "cow bell", "kühe", String(repeating: "x", count: 65)])
    func `names that mean something else in paths, events or claims are none`(name: String) {
        #expect(RawTypeDeclaration(TypeName(name), [:], provider: "one").nameProblem != nil)
    }

    @Test(arguments: ["cows", "typed-cows", "Cows_2"]) func `other names are fine`(name: String) {
        #expect(RawTypeDeclaration(TypeName(name), [:], provider: "one").nameProblem == nil)
    }
}
