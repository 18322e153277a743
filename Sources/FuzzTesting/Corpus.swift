import Glibc

/// The inputs in `Tests/Corpus`, a folder for each fuzzer: of files called `….lines` each line is one, of all others the whole
/// file. An input that once made a parser fail stays there.
enum Corpus {
    private static let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Tests/Corpus"

    /// The inputs of a fuzzer, in the order of their files' names.
    ///
    /// - Throws: when it has none: then most mutations would be noise.
    static func inputs(of name: String) throws -> [[UInt8]] {
        let folder = "\(root)/\(name)"
        var inputs: [[UInt8]] = []
        for file in files(in: folder).sorted() {
            guard let bytes = bytes(of: "\(folder)/\(file)") else { continue }
            guard file.hasSuffix(".lines") else {
                inputs.append(bytes)
                continue
            }
            inputs += bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) }
        }
        guard !inputs.isEmpty else { throw FuzzFailure(description: "Tests/Corpus/\(name) has no inputs") }
        return inputs
    }

    private static func files(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    /// What a file holds; nil if it cannot be read.
    static func bytes(of path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part.prefix(count) }
        return bytes
    }
}
