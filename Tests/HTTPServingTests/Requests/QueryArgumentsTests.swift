import Testing

@testable import HTTPServing

@Suite struct QueryArgumentsTests {
    @Test func `arguments are decoded and keep their order`() {
        let query = QueryArguments("Name=Eq(a%20b)&ipmi%2Fenabled=true&slim=Params,Meta&slim=Errors&x&&q=a+b%2Bc&e=1=2")
        #expect(query.all.map(\.name) == ["Name", "ipmi/enabled", "slim", "slim", "x", "q", "e"])
        #expect(query["Name"] == "Eq(a b)")
        #expect(query["q"] == "a b+c")
        #expect(query["e"] == "1=2")
        #expect(query.list("slim") == ["Params", "Meta", "Errors"])
        #expect(query.list("params") == nil)
    }

    @Test func `a flag is set by its name or by true`() {
        let query = QueryArguments("a&b=true&c=false&d=")
        #expect(query.isSet("a") && query.isSet("b") && query.isSet("d"))
        #expect(!query.isSet("c") && !query.isSet("e"))
    }

    @Test func `no query has no arguments`() {
        #expect(QueryArguments(nil).all.isEmpty)
        #expect(QueryArguments("").all.isEmpty)
    }
}
