/// The options of a DHCP message, in their order; each code once.
struct DHCPOptions: Sendable, Hashable {
    /// The number of an option (RFC 2132; others as they are named).
    struct Code: RawRepresentable, Sendable, Hashable {
        let rawValue: UInt8

        static let pad = Code(rawValue: 0)
        static let subnetMask = Code(rawValue: 1)
        static let router = Code(rawValue: 3)
        static let vendorInformation = Code(rawValue: 43)
        static let requestedAddress = Code(rawValue: 50)
        static let leaseTime = Code(rawValue: 51)
        static let overload = Code(rawValue: 52)
        static let messageType = Code(rawValue: 53)
        static let serverIdentifier = Code(rawValue: 54)
        static let parameterList = Code(rawValue: 55)
        static let message = Code(rawValue: 56)
        static let largestMessage = Code(rawValue: 57)
        static let renewalTime = Code(rawValue: 58)
        static let rebindingTime = Code(rawValue: 59)
        static let vendorClass = Code(rawValue: 60)
        static let clientIdentifier = Code(rawValue: 61)
        static let serverName = Code(rawValue: 66)
        static let bootFile = Code(rawValue: 67)
        static let userClass = Code(rawValue: 77)
        /// What a relay says of the client (RFC 3046).
        static let relayInformation = Code(rawValue: 82)
        /// The architecture of the client's firmware (RFC 4578 §2.1).
        static let architecture = Code(rawValue: 93)
        /// The client's machine identifier (RFC 4578 §2.3).
        static let machineIdentifier = Code(rawValue: 97)
        /// What iPXE and its servers tell each other.
        static let ipxe = Code(rawValue: 175)
        static let end = Code(rawValue: 255)
    }

    /// The options, in order.
    private(set) var all: [(code: Code, value: [UInt8])] = []

    /// No options.
    init() {}

    /// The value of an option; nil for one that is not there. Setting one that is there keeps its place.
    subscript(code: Code) -> [UInt8]? {
        get { all.first { $0.code == code }?.value }
        set {
            let place = all.firstIndex { $0.code == code }
            switch (place, newValue) {
            case (let place?, let value?): all[place].value = value
            case (let place?, nil): all.remove(at: place)
            case (nil, let value?): all.append((code, value))
            case (nil, nil): break
            }
        }
    }

    /// Adds to an option what another part of the message has of it: long values come in pieces (RFC 3396 §5).
    mutating func append(_ code: Code, _ value: some Collection<UInt8>) {
        if let place = all.firstIndex(where: { $0.code == code }) {
            all[place].value += value
        } else {
            all.append((code, Array(value)))
        }
    }

    static func == (one: DHCPOptions, other: DHCPOptions) -> Bool {
        one.all.count == other.all.count && zip(one.all, other.all).allSatisfy { $0 == $1 }
    }

    func hash(into hasher: inout Hasher) {
        for (code, value) in all {
            hasher.combine(code)
            hasher.combine(value)
        }
    }
}
