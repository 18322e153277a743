import Basics
import JSON
public import Tracker

/// An ISO image that bootenvs are unpacked from (C §17.1).
public struct BootImage: Sendable {
    /// The bootenv.
    public let bootEnv: String
    /// The architecture that it is for.
    public let architecture: String
    /// The path of the image among the isos, which stays there.
    public let name: String
    /// Where it is unpacked, below the file root; nothing that clients upload is there.
    public let folder: String
    /// What its SHA-256 is to be, in hexadecimal; empty for any.
    public let checksum: String

    /// The images of a bootenv that may be unpacked; of some architectures, or of all if none are named.
    public static func all(of bootEnv: StoredObject, architectures: [String] = []) -> [BootImage] {
        let object = bootEnv.object
        let os = object.members("OS")
        let supported = os.members("SupportedArchitectures")
        return (supported.isEmpty ? ["amd64"] : supported.keys).compactMap { architecture in
            guard architectures.isEmpty || architectures.contains(bytesOf: architecture) else { return nil }
            let files = BootFiles(of: object, architecture)
            guard let name = files.imagePath, let folder = files.unpackingFolder else { return nil }
            let own = supported.members(architecture)
            let checksum = own.isEmpty ? os.text("IsoSha256") : own.text("Sha256")
            return BootImage(
                bootEnv: bootEnv.key.string, architecture: architecture, name: name, folder: folder,
                checksum: checksum.asciiLowercased)
        }
    }

    /// The images of all bootenvs that are unpacked from the iso of a name.
    public static func all(named name: String, in view: Snapshot) -> [BootImage] {
        (view["bootenvs"]?.objects.map { all(of: $0.1) } ?? []).joined().filter { $0.name.hasSameUTF8(as: name) }
    }
}
