import Testing

@testable import Client

@Suite struct ServerAddressTests {
    @Test(
        arguments: [
            ("lab", "https://lab:8092"), ("lab:1234", "https://lab:1234"), ("http://lab", "http://lab:8092"),
            ("https://10.0.0.1:443/", "https://10.0.0.1:443"), ("https://[::1]:8092/api/v3", "https://[::1]:8092"),
            ("[fe80::1]", "https://[fe80::1]:8092"),
        ])
    func `what is missing is https and 8092`(text: String, meant: String) throws {
        #expect(try ServerAddress(text).description == meant)
    }

    @Test(
        arguments: [
            "", "https://", "ftp://lab", "lab:0", "lab:65536", "lab:x", "lab:99999999999999999999", "::1", "[::1",
            "[::1]x", "https://lab/other", "a b", "kate@lab", "https:///api/v3",
        ])
    func `what is no address is refused with the text and the way to write it`(text: String) {
        let error = #expect(throws: ClientError.self) { try ServerAddress(text) }
        #expect(error?.kind == .usage)
        #expect(error?.message.contains("`\(text)`") == true)
        #expect(error?.message.contains("https://host:8092") == true)
    }

    @Test(arguments: ["lab", "http://[::1]:80", "10.0.0.1:443"])
    func `the text of an address is that address`(text: String) throws {
        let address = try ServerAddress(text)
        #expect(try ServerAddress(address.description).description == address.description)
    }
}
