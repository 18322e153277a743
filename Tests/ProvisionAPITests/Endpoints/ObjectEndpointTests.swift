import HTTPTypes
import JSON
import Testing

@testable import HTTPServing
@testable import ProvisionAPI

@Suite(.allTransports) struct ObjectEndpointTests {
    @Test func `an object is created, read, replaced, patched and removed`() async throws {
        try await TestServer().browse { browser in
            let created = try await browser.send(.post, "/api/v3/profiles", ["name": "p1", "Description": "one"])
            #expect(created.status == 201)
            #expect(created.json["Description"] == "one")
            #expect(created.json["Validated"] == true)
            let read = try await browser.get("/api/v3/profiles/p1")
            #expect(read.status == 200 && read.text == created.text)
            #expect(read.headers[.eTag] == created.headers[.eTag])
            #expect(read.headers[.contentType] == "application/json")

            let replaced = try await browser.send(.put, "/api/v3/profiles/Name:p1", ["Name": "p1"])
            #expect(replaced.status == 200 && replaced.json["Description"] == "")
            let patched = try await browser.send(
                .patch, "/api/v3/profiles/p1",
                [["op": "replace", "path": "/Description", "from": "", "value": "two"]])
            #expect(patched.status == 200 && patched.json["Description"] == "two")
            #expect(patched.headers[.eTag] != created.headers[.eTag])
            let same = try await browser.send(.patch, "/api/v3/profiles/p1", [])
            #expect(same.status == 200 && same.text == patched.text)

            let removed = try await browser.send(.delete, "/api/v3/profiles/p1")
            #expect(removed.status == 200 && removed.text == patched.text)
            #expect(try await browser.get("/api/v3/profiles/p1").status == 404)
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.get, JSONValue?.none), (.delete, nil), (.put, JSONValue.object(["Name": "x"])),
        (.patch, JSONValue.array([])),
    ])
    func `what does not exist is not found, with the key as typed`(
        method: HTTPRequest.Method, body: JSONValue?
    ) async throws {
        try await TestServer().browse { browser in
            let answer = try await browser.send(method, "/api/v3/profiles/Name:a%2Fb", body)
            #expect(answer.status == 404)
            #expect(answer.error == APIError(404, method.rawValue, of: "profiles", key: "Name:a/b", "Not Found"))
        }
    }

    @Test func `refusals have the words of the contract`() async throws {
        try await TestServer().browse { browser in
            _ = try await browser.send(.post, "/api/v3/profiles", ["Name": "p1"])
            let twice = try await browser.send(.post, "/api/v3/profiles", ["Name": "p1"])
            #expect(twice.error == APIError(409, "CREATE", of: "profiles", key: "p1", "already exists"))
            let empty = try await browser.send(.post, "/api/v3/profiles", [:])
            #expect(empty.error == APIError(400, "CREATE", of: "profiles", "Empty key not allowed"))
            let invalid = try await browser.send(.post, "/api/v3/profiles", ["Name": "!"])
            #expect(invalid.error == APIError(422, "ValidationError", of: "profiles", key: "!", "!: Invalid Name `!`"))
            let test = try await browser.send(
                .patch, "/api/v3/profiles/p1", [["op": "test", "path": "/Name", "value": "p2"]])
            #expect(test.error.code == 409 && test.error.type == "PATCH")
            #expect(test.error.messages.first == "Patch error at line 0: Test op failed.")
            let renamed = try await browser.send(.put, "/api/v3/profiles/p1", ["Name": "p2"])
            #expect(renamed.error.messages == ["profiles: Key change from p1 to p2 not allowed"])
            let unknown = try await browser.get("/api/v3/freds/john?x=1")
            #expect(unknown.error == APIError(404, "GET", of: "/api/v3/freds/john", "No route"))
        }
    }

    @Test func `HEAD answers as GET does, without a body`() async throws {
        try await TestServer().browse { browser in
            let get = try await browser.get("/api/v3/profiles/global")
            let head = try await browser.send(.head, "/api/v3/profiles/global")
            #expect(head.status == 200 && head.text.isEmpty)
            #expect(head.headers[.eTag] == get.headers[.eTag])
            let missing = try await browser.send(.head, "/api/v3/profiles/nobody")
            #expect(missing.status == 404 && missing.text.isEmpty)
            let list = try await browser.send(.head, "/api/v3/profiles")
            #expect(list.status == 200 && list.text.isEmpty)
            #expect(list.headers[.listFilterCount] == "1")
        }
    }

    @Test func `lists are filtered, sorted and cut`() async throws {
        try await TestServer().browse { browser in
            for name in ["aa", "bb", "cc"] {
                _ = try await browser.send(.post, "/api/v3/profiles", ["Name": .string(name)])
            }
            let page = try await browser.get("/api/v3/profiles?Name=Ne(global)&reverse=true&offset=1&limit=1")
            #expect(page.json.arrayValue?.compactMap { $0["Name"]?.stringValue } == ["bb"])
            #expect(page.headers[.listCount] == "1")
            #expect(page.headers[.listFilterCount] == "3")
            #expect(page.headers[.listTotalCount] == "4")
            #expect(try await browser.get("/api/v3/profiles?limit=0").text == "[]")
            let wrong = try await browser.get("/api/v3/profiles?limit=-1")
            #expect(wrong.error == APIError(406, "GET", of: "profiles", "Limit cannot be negative"))
        }
    }

    @Test func `slim and params leave things out and say so`() async throws {
        try await TestServer().browse { browser in
            _ = try await browser.send(
                .post, "/api/v3/profiles", ["Name": "p1", "Params": ["aa": 1, "bb": 2], "Meta": ["color": "red"]])
            let slim = try await browser.get("/api/v3/profiles/p1?slim=params,meta")
            #expect(slim.json["Params"] == [:] && slim.json["Meta"] == [:] && slim.json["Partial"] == true)
            let some = try await browser.get("/api/v3/profiles?Name=p1&params=bb,cc")
            #expect(some.json.arrayValue?.first?["Params"] == ["bb": 2])
            #expect(some.json.arrayValue?.first?["Partial"] == true)
            #expect(try await browser.get("/api/v3/profiles/p1").json["Partial"] == false)
        }
    }

    @Test func `hidden fields are never served`() async throws {
        try await TestServer().browse { browser in
            let user = try await browser.get("/api/v3/users/rocketskates")
            #expect(user.status == 200 && user.json["Secret"] != nil)
            #expect(user.json["PasswordHash"] == nil)
            #expect(!(try await browser.get("/api/v3/users").text.contains("PasswordHash")))
        }
    }

    @Test func `a write to a pack's object that may not be overridden is refused`() async throws {
        try await TestServer().browse { browser in
            _ = try await browser.send(
                .post, "/api/v3/contents",
                ["meta": ["Name": "pack"], "sections": ["profiles": ["englobal": ["Name": "englobal"]]]])
            let answer = try await browser.send(.post, "/api/v3/profiles/englobal/params/aa", 1)
            #expect(answer.error.code == 409)
            #expect(answer.error.messages == ["englobal"])
            #expect(answer.error.type == "POST" && answer.error.model == "profiles")
        }
    }
}
