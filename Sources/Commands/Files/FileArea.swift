import Basics
import Client

/// A place of the server for what people upload.
protocol FileArea: Sendable {
    /// The name in URLs and of the command.
    static var name: String { get }
    /// What is in it, in a few words.
    static var contents: String { get }
    /// One of them.
    static var item: String { get }
    /// More of what it is for, as the command's help has it.
    static var purpose: String { get }
    /// A file as examples have it.
    static var example: String { get }
}

/// Files for whatever machines and people need.
enum FilesArea: FileArea {
    static let name = "files"
    static let (contents, item) = ("files", "a file")
    static let purpose = "Machines get them from the file server as files/PATH."
    static let example = "site/setup.tar.gz"
}

/// Images of operating systems.
enum ImagesArea: FileArea {
    static let name = "isos"
    static let (contents, item) = ("images of operating systems", "an image of an operating system")
    static let purpose = "An image that a bootenv names is unpacked for it as soon as it is here."
    static let example = "debian-12.iso"
}

extension FileArea {
    /// The path of the API for a file.
    ///
    /// - Throws: `ClientError` of kind `usage` for a path that leads nowhere.
    static func path(_ path: String) throws(ClientError) -> [String] {
        let parts = path.parts(between: "/").filter { !$0.isEmpty }.map(String.init)
        guard !parts.isEmpty, !path.hasByteSuffix("/") else {
            throw ClientError(.usage, "`\(path)` is no path of a file, as \(example)")
        }
        return [name] + parts
    }
}
