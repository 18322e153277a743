import Templates
import Testing

/// Digests and passwords are those of sprig.
@Suite struct DigestTests {
    @Test func `every function that a template may name is there, and no other`() {
        #expect(allFunctions.names == .provisioning)
    }

    @Test func `digests are hexadecimal`() throws {
        #expect(try shown("{{sha1sum `hello`}}") == "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d")
        let digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        #expect(try shown("{{`hello` | sha256sum}}") == digest)
        #expect(try shown("{{len (sha512sum ``)}}") == "128")
    }

    @Test(arguments: [
        ("1 `long` `password` `user` `example.com`", "ZedaFaxcZaso9*"),
        ("2 `maximum` `password` `user` `example.com`", "O8-6Bwz1*I5XVPPq)@H!"), ("1 `medium` `p` `u` `s`", "Rud1@Nel"),
        ("1 `short` `p` `u` `s`", "Rud1"), ("1 `basic` `p` `u` `s`", "tGf1NEr0"), ("1 `pin` `p` `u` `s`", "2461"),
        ("1 `foo` `p` `u` `s`", "cannot find password template foo"),
    ])
    func `a derived password is that of sprig`(arguments: String, password: String) throws {
        #expect(try shown("{{derivePassword \(arguments)}}") == password)
    }

    @Test func `bcrypt hashes have a fresh salt and cost ten`() throws {
        let hashes = try shown("{{bcrypt `abc`}}\n{{htpasswd `me` `abc`}}").parts(of: "\n")
        #expect(hashes[0].hasPrefix("$2a$10$") && hashes[0].utf8.count == 60)
        #expect(hashes[1].hasPrefix("me:$2a$10$") && hashes[1] != "me:" + hashes[0])
        #expect(try shown("{{htpasswd `a:b` `c`}}") == "invalid username: a:b")
    }

    @Test func `what was encrypted is decrypted with the same password only`() throws {
        #expect(try shown("{{encryptAES `secretkey` `plaintext` | decryptAES `secretkey`}}") == "plaintext")
        #expect(
            try shown("{{decryptAES `secretkey` `J3NL5xAtYdByJCzOQH8iqa/sLnmzVVbut45jdPs/l0M=`}}") == "plaintext")
        #expect(try shown("{{decryptAES `k` `YWJj`}}").hasPrefix("error: error calling decryptAES"))
        #expect(try shown("{{encryptAES `k` ``}}|{{decryptAES `k` ``}}") == "|")
    }

    @Test func `passwords and keys count for many steps`() throws {
        #expect(try isOverLimit("{{bcrypt `a`}}", steps: 100_000))
        #expect(try isOverLimit("{{derivePassword 1 `pin` `p` `u` `s`}}", steps: 900_000))
        #expect(try isOverLimit("{{genPrivateKey `rsa`}}", steps: 1_000_000))
        #expect(try isOverLimit("{{genCA `ca` 1}}", steps: 400_000))
    }
}
