import Basics
import JSON

/// The machine architectures and the names that distributions give them (C §5.1).
public enum Architecture {
    /// The one name that machines use for the architecture called `name`, or nil if it is not supported.
    public static func canonical(_ name: String) -> String? { names[Identifier(name.asciiLowercased)] }

    private static let names = Dictionary(
        uniqueKeysWithValues: aliases.flatMap { name, others in ([name] + others).map { (Identifier($0), name) } })

    private static let aliases: [(String, [String])] = [
        ("amd64", ["x86_64"]),
        ("386", ["486", "686", "i386", "i486", "i586", "i686"]),
        ("arm", ["armel", "armhfp"]),
        ("arm64", ["aarch64"]),
        ("ppc64", ["power9"]),
        ("ppc64le", []),
        ("mips64", []),
        ("mips64le", ["mips64el"]),
        ("mips", []),
        ("mipsle", ["mipsel"]),
        ("s390x", []),
        ("rpi4", []),
    ]
}
