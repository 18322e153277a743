import Access
import HTTPTypes
import HummingbirdCore
import JSON
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// The table of C §3, over all codes.
@Suite struct ErrorMappingTests {
    static let expected: [TrackerError.Code: (status: Int, type: String)] = [
        .denied: (403, "AUTH"), .notFound: (404, "PUT"), .hidden: (404, "PUT"), .alreadyExists: (409, "CREATE"),
        .emptyKey: (400, "CREATE"), .undecodable: (400, "PUT"),
        .invalid: (422, "ValidationError"), .patchFailed: (409, "PATCH"), .malformedPatch: (400, "PUT"),
        .keyChanged: (400, "PUT"), .stillInUse: (409, "StillInUseError"), .readOnly: (409, "PUT"),
        .locked: (422, "PUT"),
        .badQuery: (406, "PUT"), .packRefused: (422, "PUT"), .badPack: (422, "PUT"), .unnamedPack: (422, "PUT"),
        .conflict: (409, "Conflict"), .preconditionFailed: (412, "PUT"), .forgotten: (410, "PUT"),
        .overBudget: (422, "PUT"), .unavailable: (503, "PUT"), .cancelled: (503, "PUT"), .internalFault: (500, "PUT"),
    ]

    @Test(arguments: TrackerError.Code.allCases)
    func `every code of the tracker has a status and a type`(code: TrackerError.Code) throws {
        let expected = try #require(Self.expected[code], "\(code) is missing in this table")
        let error = APIError(TrackerError(code, "machines", key: "x", ["one", "two"]), to: .put)
        #expect(error == APIError(expected.status, expected.type, of: "machines", key: "x", ["one", "two"]))
    }

    @Test(arguments: [
        (TrackerError.Code.packRefused, APIError(422, "STORE_ERROR", of: "contents", "no")),
        (.badPack, APIError(422, "Failed to load backing objects from cache", "no")),
        (.unnamedPack, APIError(422, "POST", of: "contents", key: "x", "no")),
        (.notFound, APIError(404, "POST", of: "contents", key: "x", "no")),
    ])
    func `a refused upload names no pack`(code: TrackerError.Code, expected: APIError) {
        #expect(APIError(TrackerError(code, "contents", key: "x", "no"), to: .post) == expected)
    }

    @Test func `HEAD is told what GET is`() {
        #expect(APIError(.notFound("machines", "x"), to: .head).type == "GET")
    }

    static let access: [AccessError.Code: (status: Int, type: String, model: String)] = [
        .missingCredentials: (401, "", "users"), .badCredentials: (401, "", "users"), .badToken: (403, "", "users"),
        .expired: (403, "", "users"), .denied: (403, "AUTH", ""), .tooManyFailures: (429, "", "users"),
        .busy: (503, "", "users"), .badDuration: (400, "GET", "users"), .notFound: (404, "GET", "users"),
        .notSetUp: (503, "GET", "users"),
    ]

    @Test(arguments: AccessError.Code.allCases)
    func `every code of access control has a status and a type`(code: AccessError.Code) throws {
        let expected = try #require(Self.access[code], "\(code) is missing in this table")
        let error = APIError(AccessError(code, ["no"]), to: .get)
        #expect(error == APIError(expected.status, expected.type, of: expected.model, "no"))
    }

    @Test func `a wait is told in whole seconds`() {
        let refusal = APIError(.tooManyFailures(retryAfter: .milliseconds(1500)), to: .get).answer
        #expect(refusal.headers[.retryAfter] == "2")
        #expect(refusal.headers[.contentType] == "application/json")
    }

    @Test func `the encoder form has five members`() {
        let error = APIError(404, "GET", of: "machines", key: "x", "Not Found")
        #expect(
            error.document.description
                == #"{"Code":404,"Key":"x","Messages":["Not Found"],"Model":"machines","Type":"GET"}"#)
        #expect(error.description == "GET: machines/x: Not Found")
    }
}
