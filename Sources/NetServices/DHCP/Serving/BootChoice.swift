import Basics
import Glibc
import JSON
import Provisioning
import Tracker

/// What a client is told to load first (C §17.2).
struct BootChoice: Sendable {
    /// What a client boots with.
    struct Firmware: Sendable {
        /// The key among a bootenv's `Loaders`: `amd64-uefi`; nil for what none is known for.
        let loader: String?
        /// Whether it is iPXE already, and takes a script.
        let isIPXE: Bool
        /// Whether it loads by HTTP, and wants a URL (UEFI 2.5 §23.7).
        let isHTTP: Bool

        /// The firmware that a message is from; nil if nobody asks what to boot.
        init?(_ message: DHCPMessage) {
            let options = message.options
            let vendor = String(decoding: options[.vendorClass] ?? [], as: UTF8.self)
            isHTTP = vendor.hasBytePrefix("HTTPClient")
            // RFC 3004 has a length before each class; iPXE sends it bare.
            let user = options[.userClass] ?? []
            isIPXE = user.elementsEqual("iPXE".utf8) || user.elementsEqual([4] + Array("iPXE".utf8))
            guard isIPXE || isHTTP || vendor.hasBytePrefix("PXEClient") || options[.architecture] != nil else {
                return nil
            }
            let architecture = (options[.architecture] ?? [0, 0]).prefix(2).reduce(0) { $0 << 8 | Int($1) }
            loader =
                switch architecture {
                case 0: "386-pcbios"
                case 7, 9, 16: "amd64-uefi"
                case 11, 19: "arm64-uefi"
                default: nil
                }
        }
    }

    /// The directory of the files.
    let root: String
    let ports: ServerLocation.Ports
    /// The address that all clients are told to load from; nil for the one nearest to each.
    var fixedAddress: IPAddress?

    /// The loaders that are looked for where a bootenv names none, the first that is there.
    private static let loaders: [Identifier: [String]] = [
        "386-pcbios": ["lpxelinux.0", "undionly.kpxe", "ipxe.pxe"],
        "amd64-uefi": ["ipxe.efi", "snponly.efi"],
        "arm64-uefi": ["ipxe-arm64.efi"],
    ]

    /// The script that iPXE begins with.
    static let script = "default.ipxe"

    /// What a client loads; nil if it is to boot from its disk.
    ///
    /// - Parameters:
    ///   - machine: the client, if the server knows it.
    ///   - server: where it loads from.
    func file(
        for firmware: Firmware, _ machine: StoredObject?, at server: IPAddress, in view: Snapshot
    ) -> String? {
        let name = machine?.document.member("BootEnv")?.string ?? Preferences(view)[.unknownBootEnv]
        guard let bootEnv = view.object("bootenvs", name)?.object else { return nil }
        let isBooting = bootEnv["OnlyUnknown"]?.boolValue ?? false || !(bootEnv["Kernel"]?.stringValue ?? "").isEmpty
        guard isBooting else { return nil }
        let files = ServerLocation(address: server, ports: ports).filesURL
        if firmware.isIPXE { return "\(files)/\(Self.script)" }
        guard let type = firmware.loader else { return nil }
        let own = bootEnv["Loaders"]?[type]?.stringValue ?? ""
        let candidates = own.isEmpty ? Self.loaders[Identifier(type)] ?? [] : [own]
        guard let loader = candidates.first(where: { access("\(root)/\($0)", R_OK) == 0 }) ?? candidates.first else {
            return nil
        }
        return firmware.isHTTP ? "\(files)/\(loader)" : loader
    }

    /// The machine that a client is: by its hardware address, or else by the address that it has.
    static func machine(_ token: String, _ address: IPAddress?, in view: Snapshot) -> StoredObject? {
        let byHardware = view.keys("machines", where: .field("HardwareAddrs"), spelled: token).first
        let key =
            byHardware
            ?? address.flatMap { view.keys("machines", where: .field("Address"), spelled: $0.description).first }
        return key.flatMap { view[ObjectID("machines", $0)] }
    }
}
