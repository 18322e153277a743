import Basics
public import JSON
public import Tracker

/// What a machine tells of its hardware, to find out which one it is (C §15.5).
public struct MachineIdentity: Sendable {
    let fingerprint: JSONObject
    let hardwareAddresses: [String]
    let onDiskID: String

    /// From this score on it is the same machine.
    private static let sufficient = 100
    /// How many machines that share something are looked at.
    private static let mostCandidates = 1_000

    /// What a `Whoami` says; anything may be missing.
    public init(_ whoami: JSONObject) {
        fingerprint = whoami.members("Fingerprint")
        hardwareAddresses = (whoami.texts("MacAddrs") + whoami.texts("HardwareAddrs")).map { MACAddress.canonical($0) }
        onDiskID = UUIDText.canonical(whoami.text("OnDiskUUID")) ?? ""
    }

    /// The machine that it is most likely, and by what score; nil if it is none.
    public func match(in view: Snapshot) -> (machine: StoredObject, score: Int)? {
        var best: (machine: StoredObject, score: Int)?
        for key in candidates(in: view).prefix(Self.mostCandidates) {
            guard let machine = view[ObjectID("machines", key)] else { continue }
            let score = score(of: machine)
            if score >= Self.sufficient, score > best?.score ?? 0 { best = (machine, score) }
        }
        return best
    }

    /// The machines that share something with it that alone may be enough.
    private func candidates(in view: Snapshot) -> [ByteString] {
        var keys = onDiskID.isEmpty ? [] : [ByteString(onDiskID)]
        for address in hardwareAddresses {
            keys += view.keys("machines", where: .field("HardwareAddrs"), spelled: address)
        }
        for (source, text) in zip(Self.indexed, [text("SystemUUID"), text("CloudInstanceID")]) where !text.isEmpty {
            keys += view.keys("machines", where: source, is: text)
        }
        for id in fingerprint.texts("MemoryIds") { keys += view.keys("machines", where: Self.memory, is: id) }
        var seen: Set<ByteString> = []
        return keys.filter { seen.insert($0).inserted }
    }

    private func text(_ name: String) -> String { fingerprint.text(name) }

    /// How much of it a machine shares. Shares are of the machine's own lists.
    func score(of machine: StoredObject) -> Int {
        let own = machine.document.member("Fingerprint")?.value().objectValue ?? [:]
        func shares(_ name: String) -> Bool { !text(name).isEmpty && own.text(name).hasSameUTF8(as: text(name)) }
        var score = 0
        if shares("SSNHash") { score += 25 }
        if shares("CSNHash") { score += 25 }
        if shares("SystemUUID") { score += 50 }
        if shares("CloudInstanceID") { score += 500 }
        score += Self.share(of: own.texts("MemoryIds"), in: fingerprint.texts("MemoryIds"))
        score += Self.share(of: machine.texts("HardwareAddrs").map { MACAddress.canonical($0) }, in: hardwareAddresses)
        if !onDiskID.isEmpty, machine.key == ByteString(onDiskID) { score += 1_000 }
        return score
    }

    private static func share(of own: [String], in told: [String]) -> Int {
        guard !own.isEmpty else { return 0 }
        let known = Set(told.map { Identifier($0) })
        return 100 * own.count { known.contains(Identifier($0)) } / own.count
    }

    /// Where machines keep what is looked up.
    static let indexed: [IndexDeclaration.Source] = [
        .member(field: "Fingerprint", name: "SystemUUID"), .member(field: "Fingerprint", name: "CloudInstanceID"),
    ]
    static let memory = IndexDeclaration.Source.member(field: "Fingerprint", name: "MemoryIds")

    /// Brings a machine up to what it tells of itself.
    ///
    /// - Returns: whether there was anything new.
    public func refresh(_ machine: inout JSONObject) -> Bool {
        let before = machine
        if !hardwareAddresses.isEmpty {
            let known = Set(machine.texts("HardwareAddrs").map { Identifier(MACAddress.canonical($0)) })
            // Cards that do not show now may show again.
            let added = hardwareAddresses.filter { !known.contains(Identifier($0)) }
            machine["HardwareAddrs"] = JSONValue(machine.texts("HardwareAddrs") + added)
        }
        var merged = machine.members("Fingerprint")
        for name in ["SSNHash", "CSNHash", "CloudInstanceID", "SystemUUID"] where !text(name).isEmpty {
            merged[name] = fingerprint[name]
        }
        machine["Fingerprint"] = .object(merged)
        return machine != before
    }
}
