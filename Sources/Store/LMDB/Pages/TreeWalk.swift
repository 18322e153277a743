/// Visits every page of one of LMDB's trees, and finds what LMDB would follow blindly: places outside the page or the file,
/// pages used twice, keys out of order, counts that are not so.
///
/// Values are not looked at; each has a checksum of its own (`ValueEnvelope`).
struct TreeWalk: ~Copyable {
    /// Below this depth trees end, as LMDB's cursors do.
    private static let depthLimit = 32
    /// How many leaves one after the other in the file are read at once.
    private static let runLimit = 32

    private let file: PageFile
    private let name: String
    private let record: TreeRecord
    private let hasIntegerKeys: Bool
    private let branches: UnsafeMutableRawBufferPointer
    private let leaves: UnsafeMutableRawBufferPointer
    private let header: UnsafeMutableRawBufferPointer
    private var claimed: PageSet
    private var counts: (branches: UInt64, leaves: UInt64, overflows: UInt64, entries: UInt64) = (0, 0, 0, 0)

    /// Between which keys those of a page must be; nil for no bound.
    private struct Bounds {
        var low: UnsafeRawBufferPointer?
        var high: UnsafeRawBufferPointer?
    }

    /// Walks a tree.
    ///
    /// - Parameters:
    ///   - name: what to call it in errors.
    ///   - claimed: the pages known to be in use; those of the tree are added.
    ///   - hasIntegerKeys: whether keys are compared as numbers.
    ///   - visit: gets each node of the leaves.
    /// - Throws: `corrupt` naming the page, and why the file cannot be read.
    static func walk(
        _ record: TreeRecord, _ name: String, of file: PageFile, claiming claimed: inout PageSet,
        hasIntegerKeys: Bool = false, _ visit: (LMDBPage.Node) throws(StoreError) -> Void = { _ in }
    ) throws(StoreError) {
        guard record.depth <= depthLimit else {
            throw file.damaged(record.root ?? 0, of: name, "has \(record.depth) levels below it")
        }
        var walk = TreeWalk(record, name, of: file, claimed: claimed, hasIntegerKeys: hasIntegerKeys)
        claimed = PageSet(below: 0)
        try walk.run(visit)
        claimed = walk.claimed
    }

    private init(
        _ record: TreeRecord, _ name: String, of file: PageFile, claimed: PageSet, hasIntegerKeys: Bool
    ) {
        self.file = file
        self.name = name
        self.record = record
        self.claimed = claimed
        self.hasIntegerKeys = hasIntegerKeys
        branches = .allocate(byteCount: max(record.depth, 1) * file.pageSize, alignment: 16)
        leaves = .allocate(byteCount: Self.runLimit * file.pageSize, alignment: 16)
        header = .allocate(byteCount: LMDBPage.headerSize, alignment: 16)
    }

    deinit {
        branches.deallocate()
        leaves.deallocate()
        header.deallocate()
    }

    private mutating func run(_ visit: (LMDBPage.Node) throws(StoreError) -> Void) throws(StoreError) {
        if let root = record.root {
            guard record.depth > 0 else { throw file.damaged(root, of: name, "is the root of a tree without levels") }
            if record.depth == 1 {
                try walkLeaves(from: root, count: 1, { _ in Bounds() }, visit)
            } else {
                try walkBranch(root, level: 0, within: Bounds(), visit)
            }
        }
        let isAsNoted =
            counts == (record.branchPages, record.leafPages, record.overflowPages, record.entries)
            && (record.root != nil || record.depth == 0)
        guard isAsNoted else {
            throw file.damaged(record.root ?? 0, of: name, "is the root of a tree with other counts than are noted")
        }
    }

    private mutating func walkBranch(
        _ number: UInt64, level: Int, within bounds: Bounds, _ visit: (LMDBPage.Node) throws(StoreError) -> Void
    ) throws(StoreError) {
        try claim(number, 1)
        let start = level * file.pageSize
        let buffer = UnsafeMutableRawBufferPointer(rebasing: branches[start..<start + file.pageSize])
        try file.read(number, into: buffer)
        let page = LMDBPage(bytes: UnsafeRawBufferPointer(buffer))
        let nodes = try nodes(of: page, number, .branch, within: bounds)
        counts.branches += 1
        let childBounds = { (index: Int) in
            Bounds(
                low: index == 0 ? bounds.low : nodes[index].key,
                high: index + 1 < nodes.count ? nodes[index + 1].key : bounds.high)
        }
        var index = 0
        while index < nodes.count {
            let first = nodes[index].child
            if level + 2 < record.depth {
                try walkBranch(first, level: level + 1, within: childBounds(index), visit)
                index += 1
                continue
            }
            var count = 1
            while index + count < nodes.count, count < Self.runLimit,
                nodes[index + count].child == first &+ UInt64(count)
            { count += 1 }
            let from = index
            try walkLeaves(from: first, count: count, { childBounds(from + $0) }, visit)
            index += count
        }
    }

    private mutating func walkLeaves(
        from first: UInt64, count: Int, _ bounds: (Int) -> Bounds,
        _ visit: (LMDBPage.Node) throws(StoreError) -> Void
    ) throws(StoreError) {
        try claim(first, count)
        let buffer = UnsafeMutableRawBufferPointer(rebasing: leaves[..<(count * file.pageSize)])
        try file.read(first, into: buffer)
        for index in 0..<count {
            let number = first + UInt64(index)
            let start = index * file.pageSize
            let page = LMDBPage(bytes: UnsafeRawBufferPointer(buffer).slice(start..<start + file.pageSize))
            counts.leaves += 1
            counts.entries += try checkLeaf(page, number, within: bounds(index), visit)
        }
    }

    /// Checks the nodes of a leaf one by one, and counts them.
    private mutating func checkLeaf(
        _ page: LMDBPage, _ number: UInt64, within bounds: Bounds,
        _ visit: (LMDBPage.Node) throws(StoreError) -> Void
    ) throws(StoreError) -> UInt64 {
        let count = try nodeCount(of: page, number, .leaf)
        var last = bounds.low
        for index in 0..<count {
            guard let node = page.node(index, isLeaf: true), node.flags <= LMDBPage.Node.isTree else {
                throw file.damaged(number, of: name, "has a node \(index) that leads outside it")
            }
            if let last, index == 0 ? isLess(node.key, last) : !isLess(last, node.key) {
                throw file.damaged(number, of: name, "has the key of node \(index) out of order")
            }
            last = node.key
            if node.flags & LMDBPage.Node.isLong != 0 { try claimLongValue(node, of: number) }
            try visit(node)
        }
        if count > 0, let last, let high = bounds.high, !isLess(last, high) {
            throw file.damaged(number, of: name, "has keys of the page after it")
        }
        return UInt64(count)
    }

    private func nodes(
        of page: LMDBPage, _ number: UInt64, _ kind: LMDBPage.Kind, within bounds: Bounds
    ) throws(StoreError) -> [LMDBPage.Node] {
        let count = try nodeCount(of: page, number, kind)
        guard count > 0 else { throw file.damaged(number, of: name, "is a branch that leads nowhere") }
        var nodes: [LMDBPage.Node] = []
        nodes.reserveCapacity(count)
        var last = bounds.low
        for index in 0..<count {
            guard let node = page.node(index, isLeaf: false) else {
                throw file.damaged(number, of: name, "has a node \(index) that leads outside it")
            }
            nodes.append(node)
            // The first key of a branch counts as less than all.
            if index == 0 { continue }
            if let last, !isLess(last, node.key) {
                throw file.damaged(number, of: name, "has the key of node \(index) out of order")
            }
            last = node.key
        }
        if count > 1, let last, let high = bounds.high, !isLess(last, high) {
            throw file.damaged(number, of: name, "has keys of the page after it")
        }
        return nodes
    }

    private func nodeCount(
        of page: LMDBPage, _ number: UInt64, _ kind: LMDBPage.Kind
    ) throws(StoreError) -> Int {
        guard page.number == number, page.kind == kind, let count = page.nodeCount else {
            throw file.damaged(number, of: name, "has a damaged header")
        }
        return count
    }

    private mutating func claimLongValue(_ node: LMDBPage.Node, of leaf: UInt64) throws(StoreError) {
        try claim(node.child, 1)
        try file.read(node.child, into: header)
        let page = LMDBPage(bytes: UnsafeRawBufferPointer(header))
        let count = page.overflowCount
        guard page.number == node.child, page.kind == .overflow,
            LMDBPage.headerSize + node.length <= count * file.pageSize
        else { throw file.damaged(node.child, of: name, "is not the value that page \(leaf) refers to") }
        try claim(node.child + 1, count - 1)
        counts.overflows += UInt64(count)
    }

    /// Notes that pages are in use.
    private mutating func claim(_ first: UInt64, _ count: Int) throws(StoreError) {
        let limit = UInt64(file.pageCount)
        guard first >= 2, first <= limit, UInt64(count) <= limit - first else {
            throw file.damaged(first, of: name, "is none of the file's \(limit) pages")
        }
        for number in first..<first + UInt64(count) where !claimed.insert(number) {
            throw file.damaged(number, of: name, "is used twice")
        }
    }

    private func isLess(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        if hasIntegerKeys, left.count == 8, right.count == 8 {
            return left.number(0, UInt64.self) < right.number(0, UInt64.self)
        }
        return compareBytes(left, right) < 0
    }
}
