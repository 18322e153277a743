import Basics
import StoreTesting
import Testing

@testable import Client

struct PrivateFileTests {
    @Test func `many tasks write one file at the same time, and each sees a whole text`() async throws {
        let directory = TemporaryDirectory()
        let path = "\(directory.path)/tokens/one.token"
        let texts = (0..<64).map { String(repeating: "\($0) ", count: 500) }
        try await withThrowingTaskGroup(of: String?.self) { group in
            for text in texts {
                group.addTask {
                    try await BlockingPool.shared.run { () throws(ClientError) in
                        let file = PrivateFile(path)
                        try file.write(text)
                        return try file.read()
                    }
                }
            }
            for try await seen in group { #expect(seen.map { texts.contains($0) } ?? false) }
        }
        let names = await BlockingPool.shared.run { Folder.names(in: "\(directory.path)/tokens") }
        #expect(names == ["one.token"])
    }

    @Test func `a file that is there is replaced, and one that is not there has no text`() async throws {
        let path = "\(TemporaryDirectory().path)/settings"
        let seen = try await BlockingPool.shared.run { () throws(ClientError) in
            let file = PrivateFile(path)
            let none = try file.read()
            try file.write("one")
            try file.write("two")
            return [none, try file.read()]
        }
        #expect(seen == [nil, "two"])
    }
}
