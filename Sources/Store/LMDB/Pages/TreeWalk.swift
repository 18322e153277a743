import Basics

/// Visits every page of one of LMDB's trees, and finds what LMDB would follow blindly: places outside the page or the file,
/// pages used twice, keys out of order, counts that are not so.
///
/// Values are not looked at; each has a checksum of its own (`ValueEnvelope`).
struct TreeWalk {
    /// Below this depth trees end, as LMDB's cursors do.
    private static let depthLimit = 32

    private let file: PageFile
    private let name: String
    private let record: TreeRecord
    private let kind: Kind
    private var claimed: PageSet
    private var counts: (branches: UInt64, leaves: UInt64, overflows: UInt64, entries: UInt64) = (0, 0, 0, 0)

    /// What a tree holds.
    enum Kind {
        /// Values under keys.
        case pairs
        /// The records of other trees, too.
        case trees
        /// Lists of pages, under keys that are compared as numbers.
        case freePages
    }

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
    ///   - kind: what the tree holds.
    ///   - visit: gets each node of the leaves.
    /// - Throws: `corrupt` naming the page, and why the file cannot be read.
    static func walk(
        _ record: TreeRecord, _ name: String, of file: PageFile, claiming claimed: inout PageSet,
        kind: Kind = .pairs, _ visit: (LMDBPage.Node) throws(StoreError) -> Void = { _ in }
    ) throws(StoreError) {
        guard record.depth <= depthLimit else {
            throw file.damaged(record.root ?? 0, of: name, "has \(record.depth) levels below it")
        }
        var walk = TreeWalk(record, name, of: file, claimed: claimed, kind: kind)
        claimed = PageSet(below: 0)
        try walk.run(visit)
        claimed = walk.claimed
    }

    private init(
        _ record: TreeRecord, _ name: String, of file: PageFile, claimed: PageSet, kind: Kind
    ) {
        self.file = file
        self.name = name
        self.record = record
        self.claimed = claimed
        self.kind = kind
    }

    private mutating func run(_ visit: (LMDBPage.Node) throws(StoreError) -> Void) throws(StoreError) {
        if let root = record.root {
            guard record.depth > 0 else { throw file.damaged(root, of: name, "is the root of a tree without levels") }
            if record.depth == 1 {
                try walkLeaf(root, within: Bounds(), visit)
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
        let nodes = try nodes(of: file.page(number), number, .branch, within: bounds)
        counts.branches += 1
        for index in nodes.indices {
            let bounds = Bounds(
                low: index == 0 ? bounds.low : nodes[index].key,
                high: index + 1 < nodes.count ? nodes[index + 1].key : bounds.high)
            if level + 2 < record.depth {
                try walkBranch(nodes[index].child, level: level + 1, within: bounds, visit)
            } else {
                try walkLeaf(nodes[index].child, within: bounds, visit)
            }
        }
    }

    private mutating func walkLeaf(
        _ number: UInt64, within bounds: Bounds, _ visit: (LMDBPage.Node) throws(StoreError) -> Void
    ) throws(StoreError) {
        try claim(number, 1)
        counts.leaves += 1
        counts.entries += try checkLeaf(file.page(number), number, within: bounds, visit)
    }

    /// Checks the nodes of a leaf one by one, and counts them.
    private mutating func checkLeaf(
        _ page: LMDBPage, _ number: UInt64, within bounds: Bounds,
        _ visit: (LMDBPage.Node) throws(StoreError) -> Void
    ) throws(StoreError) -> UInt64 {
        let count = try nodeCount(of: page, number, .leaf)
        var last = bounds.low
        for index in 0..<count {
            guard let node = page.node(index, isLeaf: true), node.flags <= highestFlags else {
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
        let page = file.page(node.child)
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

    private var highestFlags: UInt16 { kind == .trees ? LMDBPage.Node.isTree : LMDBPage.Node.isLong }

    private func isLess(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        if kind == .freePages, left.count == 8, right.count == 8 {
            return left.number(0, UInt64.self) < right.number(0, UInt64.self)
        }
        return left.compareBytes(to: right) < 0
    }
}
