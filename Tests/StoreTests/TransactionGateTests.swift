import StoreTesting
import Synchronization
import Testing

@testable import Store

@Suite struct TransactionGateTests {
    @Test func `alone means alone, whatever others do`() throws {
        let gate = TransactionGate(0)
        let inside = Atomic(0)
        let threads = (0..<4).map { thread in
            BackgroundThread { () -> String? in
                do throws(StoreError) {
                    for round in 0..<500 {
                        if (round + thread) % 5 == 0 {
                            let others = try gate.alone { number throws(StoreError) in
                                number += 1
                                return inside.load(ordering: .sequentiallyConsistent)
                            }
                            if others != 0 { return "\(others) others were inside" }
                        } else {
                            try gate.read { _ throws(StoreError) in
                                inside.add(1, ordering: .sequentiallyConsistent)
                                try gate.read { _ throws(StoreError) in }
                                inside.subtract(1, ordering: .sequentiallyConsistent)
                            }
                        }
                    }
                } catch {
                    return error.description
                }
                return nil
            }
        }
        for thread in threads { #expect(thread.join() == nil) }
        #expect(try gate.read { number throws(StoreError) in number } == 400)
    }

    @Test func `a reader inside may nest while another thread waits to be alone`() throws {
        let gate = TransactionGate(0)
        let isStarted = Atomic(false)
        let thread = try gate.read { _ throws(StoreError) in
            let thread = BackgroundThread { () -> Bool in
                isStarted.store(true, ordering: .sequentiallyConsistent)
                return (try? gate.alone { number throws(StoreError) in number = 1 }) != nil
            }
            while !isStarted.load(ordering: .sequentiallyConsistent) {}
            for _ in 0..<10_000 {
                let number = try gate.read { number throws(StoreError) in number }
                #expect(number == 0)
            }
            return thread
        }
        #expect(thread.join())
        #expect(try gate.read { number throws(StoreError) in number } == 1)
    }
}
