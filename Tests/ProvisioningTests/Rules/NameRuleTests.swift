import Testing
import Tracker

@testable import Provisioning

@Suite struct NameRuleTests {
    @Test(arguments: ["ab", "a1", "a-", "a. b", "Ärger", "日本", "a٣", "x_y.z"])
    func `a name starts with a letter and goes on with letters, digits and separators`(name: String) {
        #expect(NameRule.name.allows(name))
    }

    @Test(arguments: ["", "a", "1a", "-a", "a/b", "a@b", "a\n", "a:b", "a\u{301}", "é́"])
    func `anything else is no name`(name: String) {
        #expect(!NameRule.name.allows(name))
    }

    @Test func `other kinds of names allow more`() {
        #expect(NameRule.param.allows("a/b"))
        #expect(NameRule.machine.allows("1a"))
        #expect(!NameRule.machine.allows("1:a"))
        #expect(NameRule.endpoint.allows("00:11:22:33:44:55"))
        #expect(!NameRule.machine.allows("a/b"))
    }

    @Test func `a long text is judged in no time`() {
        let text = "a" + String(repeating: "-a", count: 200_000) + "!"
        #expect(!NameRule.name.allows(text))
    }
}
