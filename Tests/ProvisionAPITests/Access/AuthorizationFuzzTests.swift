import HTTPTypes
import JSON
import StoreTesting
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// Whatever stands where credentials are expected, it lets nobody in and breaks nothing.
@Suite(.timeLimit(.minutes(10)), .allTransports) struct AuthorizationFuzzTests {
    /// A text of bytes that may stand in a header.
    private static func text(_ random: inout SeededGenerator) -> String {
        let pieces = [
            "Basic ", "Bearer ", "basic", "BEARER", "Digest ", " ", ":", "=", ".",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
            "eyJhbGciOiJub25lIn0", "e30", "cm9ja2V0c2thdGVzOg==", "rocketskates:", "*", "%00", "\t", "é", "token=",
            "AAAA",
        ]
        return (0..<Int.random(in: 0...8, using: &random)).map { _ in
            Bool.random(using: &random)
                ? pieces.randomElement(using: &random) ?? ""
                : String(UnicodeScalar(UInt8.random(in: 32...126, using: &random)))
        }.joined()
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `no text is let in`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let texts = (0..<60).map { _ in Self.text(&random) }
        try await TestServer().browse { browser in
            for text in texts {
                let answer = try await browser.with(text).get("/api/v3/profiles/global")
                #expect([401, 403, 429].contains(answer.status), "seed \(seed): \(text)")
                #expect(answer.error.model == "users" && !answer.error.messages.isEmpty, "seed \(seed): \(text)")
            }
        }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `no change to a token leaves it good`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let server = try await TestServer()
        let changed = (0..<60).map { _ in Self.changed(server.token, &random) }
        try await server.browse { browser in
            for token in changed where token != server.token {
                for authorization in ["Bearer \(token)", "Basic \(token)"] {
                    let answer = try await browser.with(authorization).get("/api/v3/profiles/global")
                    #expect([401, 403, 429].contains(answer.status), "seed \(seed): \(token)")
                }
            }
            #expect(try await browser.get("/api/v3/profiles/global").status == 200)
        }
    }

    private static func changed(_ token: String, _ random: inout SeededGenerator) -> String {
        var bytes = Array(token.utf8)
        let position = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[position] = UInt8.random(in: 33...126, using: &random)
        case 1: bytes.remove(at: position)
        case 2: bytes.insert(UInt8.random(in: 33...126, using: &random), at: position)
        default: bytes.swapAt(position, Int.random(in: 0..<bytes.count, using: &random))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `any claims are stored whole or refused, and grant nothing beside themselves`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let parts = (0..<25).map { _ in (0..<3).map { _ in Self.part(&random) } }
        try await TestServer().browse { browser in
            let nobody = try await Nobody.make(browser)
            for (number, part) in parts.enumerated() {
                let claim: JSONValue = [
                    "scope": .string(part[0]), "action": .string(part[1]), "specific": .string(part[2]),
                ]
                let role: JSONValue = ["Name": .string("fuzz-\(number)"), "Claims": [claim]]
                let made = try await browser.send(.post, "/api/v3/roles", role)
                #expect(made.status == 201 || made.status == 422, "seed \(seed): \(claim): \(made.text)")
                if made.status == 201 { #expect(made.json["Claims"] == [claim], "seed \(seed)") }
                let roles: JSONValue = [["op": "replace", "path": "/Roles", "value": [.string("fuzz-\(number)")]]]
                guard try await browser.send(.patch, "/api/v3/users/nobody", roles).status == 200 else { continue }
                let status = try await nobody.send(.delete, "/api/v3/users/rocketskates?force=true").status
                let may = status != 403 && status != 404
                let isMeant = part[0].contains("users") || part[0].contains("*")
                #expect(
                    !may || isMeant && (part[1].contains("delete") || part[1].contains("*")), "seed \(seed): \(claim)")
                if may { return }
            }
        }
    }

    private static func part(_ random: inout SeededGenerator) -> String {
        let pieces = [
            "*", ",", "machines", "users", "get", "list", "delete", "update:", "/", "~1", " ", "x", ":", "\u{0}", "é",
        ]
        return (0..<Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
            .joined()
    }
}
