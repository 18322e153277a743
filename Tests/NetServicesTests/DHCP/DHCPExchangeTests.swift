import Basics
import JSON
import Logging
import Provisioning
import Store
import StoreTesting
import Synchronization
import Testing
import Tracker

@testable import NetServices

/// A responder over a tracker in memory, whose answers are collected.
private final class Exchange: Sendable {
    let tracker: DataTracker
    let responder: DHCPResponder
    private let answers = Mutex<[UInt32: DHCPMessage]>([:])
    private let number = Mutex<UInt32>(0)

    init(_ subnet: JSONObject) async throws {
        let catalog = Catalog(Provisioning.types(), layers: .provisioning)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let layer = try BuiltIn.basicLayer(version: "v4.8.0", catalog: catalog)
        tracker = try DataTracker.open(
            store: MemoryStore(), catalog: catalog, writable: BuiltIn.writableMetadata, packs: [layer], logger: logger
        ).tracker
        let fields: JSONObject = ["Name": "net", "Subnet": "10.0.0.0/24", "Enabled": true]
        _ = try await tracker.commit(.system("test")) { draft throws(TrackerError) in
            try draft.create("subnets", fields.merging(subnet) { $1 })
        }
        let box = Box()
        responder = DHCPResponder(
            tracker, BootChoice(root: "/nowhere", ports: .init()), prober: nil, logger: logger
        ) { answer, _ in box.take(answer) }
        box.exchange.withLock { [weak self] in $0 = self }
    }

    /// Hands answers to the exchange, which is not there yet when the responder is made.
    private final class Box: Sendable {
        let exchange = Mutex<Exchange?>(nil)

        func take(_ answer: DHCPMessage) {
            let exchange = exchange.withLock { $0 }
            exchange?.answers.withLock { $0[answer.transaction] = answer }
        }
    }

    /// Sends a message, and gives the answer once all that it led to is done; nil if there is none.
    func ask(_ kind: DHCPMessage.Kind, _ client: UInt8, _ change: (inout DHCPMessage) -> Void = { _ in }) async throws
        -> DHCPMessage?
    {
        var message = DHCPMessage(isReply: false)
        message.kind = kind
        message.hardwareAddress = [2, 0, 0, 0, 0, client]
        message.transaction = number.withLock { number in
            number += 1
            return number
        }
        change(&message)
        let own = try #require(IPAddress("10.0.0.1"))
        let arrival = DHCPArrival(
            interface: 1, interfaceName: "eth0", addresses: [own], source: .none, sourcePort: 68, port: 67)
        responder.take(DHCPQuery(message: message, arrival: arrival))
        // Commits are made in order, so this one is made when those before it are.
        let transaction = message.transaction
        _ = try await tracker.commit(.system("after")) { draft throws(TrackerError) in
            try draft.create("profiles", ["Name": .string("p\(transaction)")])
        }
        return answers.withLock { $0[transaction] }
    }
}

@Suite struct DHCPExchangeTests {
    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `whatever clients do, no address is held by two, and each has what it was told`(seed: UInt64) async throws {
        let exchange = try await Exchange(["ActiveStart": "10.0.0.10", "ActiveEnd": "10.0.0.14"])
        var random = SeededGenerator(seed: seed)
        /// What each client was told last; the model of the server.
        var held: [UInt8: IPAddress] = [:]
        var offered: [UInt8: IPAddress] = [:]
        let range = (10...14).compactMap { IPAddress("10.0.0.\($0)") }
        for _ in 0..<150 {
            let client = UInt8.random(in: 1...8, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1:
                let answer = try await exchange.ask(.discover, client)
                guard let given = answer?.yourAddress else {
                    #expect(held[client] == nil)
                    continue
                }
                #expect(range.contains(given))
                #expect(!held.contains { $0.key != client && $0.value == given }, "\(given) is held by another")
                if let own = held[client] { #expect(given == own) }
                offered[client] = given
            case 2:
                guard let wanted = offered[client] ?? range.randomElement(using: &random) else { continue }
                let answer = try await exchange.ask(.request, client) { $0.options[.requestedAddress] = wanted.bytes }
                guard answer?.kind == .ack else {
                    #expect(answer?.kind == .nak)
                    continue
                }
                #expect(!held.contains { $0.key != client && $0.value == wanted }, "\(wanted) is held by another")
                held[client] = wanted
            case 3:
                guard let own = held[client] else { continue }
                let answer = try await exchange.ask(.request, client) { $0.clientAddress = own }
                #expect(answer?.kind == .ack && answer?.yourAddress == own)
            default:
                guard let own = held[client] else { continue }
                _ = try await exchange.ask(.release, client) { $0.clientAddress = own }
                (held[client], offered[client]) = (nil, nil)
            }
        }
    }

    @Test func `a client that asks again before it is answered is offered one address`() async throws {
        let exchange = try await Exchange(["ActiveStart": "10.0.0.10", "ActiveEnd": "10.0.0.99"])
        let first = try await exchange.ask(.discover, 1)
        let second = try await exchange.ask(.discover, 1)
        #expect(first?.yourAddress == second?.yourAddress)
        #expect(exchange.tracker.snapshot["leases"]?.count == 1)
    }
}
