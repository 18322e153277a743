import Basics
import JSON
import Tracker

/// The files that a bootenv needs to boot machines of one architecture.
struct BootFiles {
    /// The bootenv's name.
    let name: String
    /// Where the ISO image is unpacked, below `tftpboot`.
    let directory: String
    /// The name of the image; empty where files come some other way.
    let image: String
    /// Where the image can be had from; may be empty.
    let imageURL: String
    /// The kernel, relative to the directory; empty where there is none.
    let kernel: String
    /// The initial RAM disks, relative to the directory.
    let initrds: [String]
    /// The boot loader that no package of this system has, below `tftpboot`; nil where others do.
    let loader: String?

    /// The files of each architecture that `bootEnv` supports; of amd64 if it names none.
    static func all(of bootEnv: JSONObject) -> [BootFiles] {
        let architectures = bootEnv.members("OS").members("SupportedArchitectures").keys
        return (architectures.isEmpty ? ["amd64"] : architectures).map { BootFiles(of: bootEnv, $0) }
    }

    /// The files for `architecture`; what it does not say is taken from the bootenv as a whole, the image only for
    /// amd64.
    init(of bootEnv: JSONObject, _ architecture: String) {
        let os = bootEnv.members("OS")
        let info = os.members("SupportedArchitectures").members(architecture)
        let isAMD64 = Architecture.canonical(architecture) == "amd64"
        let source = info.isEmpty && isAMD64 ? os : info
        name = bootEnv.text("Name")
        image = source.text("IsoFile")
        imageURL = source.text("IsoUrl")
        kernel = info.text("Kernel").isEmpty ? bootEnv.text("Kernel") : info.text("Kernel")
        initrds = info.texts("Initrds").isEmpty ? bootEnv.texts("Initrds") : info.texts("Initrds")
        let loaders = [info.text("Loader"), bootEnv.members("Loaders").text("arm64-uefi"), "ipxe-arm64.efi"]
        let isARM64 = Architecture.canonical(architecture) == "arm64" && !kernel.isEmpty
        loader = isARM64 ? loaders.first { !$0.isEmpty } : nil
        let parts = [os.text("Name"), isAMD64 ? "" : architecture, name.hasByteSuffix("-install") ? "install" : ""]
        directory = parts.filter { !$0.isEmpty }.joined(separator: "/")
    }

    /// Where clients put files of their own, below `tftpboot`.
    private static let uploads = ["files", "isos"]

    /// Where the image is unpacked, as a path that stays below `tftpboot` and out of what clients put there; nil if
    /// `directory` is none.
    var unpackingFolder: String? {
        guard let path = TreePath.clean(directory), let first = path.parts(between: "/").first else { return nil }
        return Self.uploads.contains(bytesOf: String(first)) ? nil : path
    }

    /// The path of the image among the isos; nil if there is none, or it leads out of there.
    var imagePath: String? { TreePath.clean(image) }

    /// Why the image is not unpacked, whatever it is: its names are a client's, and what they name is replaced.
    private var refusals: [String] {
        var messages: [String] = []
        if unpackingFolder == nil {
            messages.append(
                "bootenv: \(name): no image is unpacked to \"\(directory)\": give OS.Name a name of its own")
        }
        if imagePath == nil {
            messages.append("bootenv: \(name): IsoFile \"\(image)\" is not among the isos: give it the name of one")
        }
        return messages
    }

    /// What is missing, a sentence each. Without an image kernel and RAM disks come some other way, and nobody looks for them.
    func missing(from files: FileCatalog) -> [String] {
        var messages: [String] = []
        if let loader, !files.contains(loader) {
            messages.append("bootenv: \(name): missing loader \(loader): put it into the file root")
        }
        guard !image.isEmpty else { return messages }
        let refusals = refusals
        guard refusals.isEmpty else { return messages + refusals }
        for (kind, file) in (kernel.isEmpty ? [] : [("kernel", kernel)]) + initrds.map({ ("initrd", $0) }) {
            let path = Renderer.clean("\(directory)/\(file)")
            if !files.contains(path) { messages.append("bootenv: \(name): missing \(kind) \(file) (\(path))") }
        }
        // Once its files are there, the image has been unpacked and is not needed any more.
        let needsImage = !image.isEmpty && (kernel.isEmpty || !messages.isEmpty)
        guard needsImage, !files.contains("isos/\(image)") else { return messages }
        let hint = imageURL.isEmpty ? [] : ["You can download the required ISO from \(imageURL)"]
        return ["Explode ISO: iso does not exist: isos/\(image)"] + hint + messages
    }
}
