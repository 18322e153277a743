import Basics
import Configuration
import Content
import Glibc
import JSON
import Tracker

/// The configuration file: names of settings and their values, in YAML.
struct SettingsFile {
    /// The settings, read as those of the environment are: each is a text until somebody asks for something else.
    let provider: EnvironmentVariablesProvider

    /// The file at `path`.
    ///
    /// - Throws: `SettingsFileError` saying what is wrong with it.
    init(_ path: String) throws(SettingsFileError) {
        guard let bytes = SmallFile.read(path) else {
            throw SettingsFileError(description: String(cString: strerror(errno)))
        }
        let value: JSONValue
        do throws(YAMLError) {
            value = try YAMLReader.read(bytes, as: .map(.string)).value
        } catch {
            throw SettingsFileError(description: "\(error)")
        }
        var variables: [(name: String, text: String)] = []
        switch value {
        case .null: break
        case .object(let members):
            for (name, value) in members {
                // What is left empty counts as not said.
                if value == .null { continue }
                guard let text = value.stringValue else {
                    throw SettingsFileError(description: "\(name) must be a single value, not \(value.kindName)")
                }
                variables.append((Self.variable(name), text))
            }
        default: throw SettingsFileError(description: "it must be names of settings with their values")
        }
        provider = EnvironmentVariablesProvider(
            environmentVariables: Dictionary(variables.map { ($0.name, $0.text) }) { $1 })
    }

    /// The variable that says the setting `name`: `API_PORT` for `api-port`.
    private static func variable(_ name: String) -> String {
        String(decoding: name.utf8.map { Self.letter($0) }, as: UTF8.self)
    }

    private static func letter(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 32
        case UInt8(ascii: "-"), UInt8(ascii: "."): UInt8(ascii: "_")
        default: byte
        }
    }
}

/// What is wrong with a configuration file.
struct SettingsFileError: Error, CustomStringConvertible {
    let description: String
}
