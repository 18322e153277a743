/// An array while a patch changes it: a balanced tree of slices of what was there, and of the elements that are new or changed.
///
/// To find, put in or take out an element costs O(log n) wherever it stands. Nodes never change, so a copy of the array is
/// free.
struct PatchedArray {
    private var root: Node?

    /// An array of these elements.
    init(_ elements: [JSONValue]) {
        root = elements.isEmpty ? nil : Node(nil, .slice(elements[...]), nil)
    }

    /// How many elements there are.
    var count: Int { root.count }

    /// How many nodes lie between the root and a leaf at the most, which is what an operation costs.
    var height: Int { root.height }

    /// The element at an index, which there must be.
    subscript(index: Int) -> PatchedValue {
        var (node, index) = (root, index)
        while let current = node {
            let before = current.left.count
            if index < before {
                node = current.left
            } else if index < before + current.piece.count {
                return current.piece[index - before]
            } else {
                (node, index) = (current.right, index - before - current.piece.count)
            }
        }
        preconditionFailure("an array has no element beyond its end")
    }

    /// Puts an element in before the one at `index`, or behind the last.
    mutating func insert(_ value: PatchedValue, at index: Int) {
        let (head, tail) = Node.split(root, at: index)
        root = Node.join(head, .one(value), tail)
    }

    /// Takes the element at an index out.
    mutating func remove(at index: Int) {
        let (head, rest) = Node.split(root, at: index)
        root = Node.join(head, Node.split(rest, at: 1).right)
    }

    /// Puts an element in the place of the one at `index`.
    mutating func replace(at index: Int, with value: PatchedValue) {
        let (head, rest) = Node.split(root, at: index)
        root = Node.join(head, .one(value), Node.split(rest, at: 1).right)
    }

    /// The array put together.
    func joined() -> [JSONValue] {
        var elements: [JSONValue] = []
        elements.reserveCapacity(count)
        Node.visit(root) { piece in
            switch piece {
            case .slice(let slice): elements += slice
            case .one(let value): elements.append(value.joined())
            }
        }
        return elements
    }
}

extension PatchedArray {
    /// What one node holds.
    fileprivate enum Piece {
        /// Elements that are as they were.
        case slice(ArraySlice<JSONValue>)
        /// One element that is new or changed.
        case one(PatchedValue)

        var count: Int { if case .slice(let slice) = self { slice.count } else { 1 } }

        subscript(index: Int) -> PatchedValue {
            switch self {
            case .slice(let slice): .whole(slice[slice.startIndex + index])
            case .one(let value): value
            }
        }
    }

    /// A node of a tree in which the heights of two neighbours differ by one at the most (Adelson-Velsky and Landis).
    fileprivate final class Node {
        let left: Node?
        let piece: Piece
        let right: Node?
        let height: Int
        let count: Int

        init(_ left: Node?, _ piece: Piece, _ right: Node?) {
            (self.left, self.piece, self.right) = (left, piece, right)
            height = max(left.height, right.height) + 1
            count = left.count + piece.count + right.count
        }

        /// A tree of two whose heights differ by two at the most, with a piece between them.
        private static func balanced(_ left: Node?, _ piece: Piece, _ right: Node?) -> Node {
            if let left, left.height > right.height + 1 {
                guard let inner = left.right, inner.height > left.left.height else {
                    return Node(left.left, left.piece, Node(left.right, piece, right))
                }
                return Node(Node(left.left, left.piece, inner.left), inner.piece, Node(inner.right, piece, right))
            }
            if let right, right.height > left.height + 1 {
                guard let inner = right.left, inner.height > right.right.height else {
                    return Node(Node(left, piece, right.left), right.piece, right.right)
                }
                return Node(Node(left, piece, inner.left), inner.piece, Node(inner.right, right.piece, right.right))
            }
            return Node(left, piece, right)
        }

        /// A tree of any two with a piece between them; costs the difference of their heights.
        static func join(_ left: Node?, _ piece: Piece, _ right: Node?) -> Node {
            if let left, left.height > right.height + 1 {
                return balanced(left.left, left.piece, join(left.right, piece, right))
            }
            if let right, right.height > left.height + 1 {
                return balanced(join(left, piece, right.left), right.piece, right.right)
            }
            return Node(left, piece, right)
        }

        /// One tree after the other.
        static func join(_ left: Node?, _ right: Node?) -> Node? {
            guard let right else { return left }
            let (first, rest) = withoutFirst(right)
            return join(left, first, rest)
        }

        private static func withoutFirst(_ node: Node) -> (Piece, Node?) {
            guard let left = node.left else { return (node.piece, node.right) }
            let (first, rest) = withoutFirst(left)
            return (first, balanced(rest, node.piece, node.right))
        }

        /// The trees of the elements before an index and from there on.
        static func split(_ node: Node?, at index: Int) -> (left: Node?, right: Node?) {
            guard let node else { return (nil, nil) }
            let before = node.left.count
            if index <= before {
                let (left, right) = split(node.left, at: index)
                return (left, join(right, node.piece, node.right))
            }
            if index >= before + node.piece.count {
                let (left, right) = split(node.right, at: index - before - node.piece.count)
                return (join(node.left, node.piece, left), right)
            }
            guard case .slice(let slice) = node.piece else { preconditionFailure("one element cannot be cut") }
            let cut = slice.startIndex + index - before
            return (join(node.left, .slice(slice[..<cut]), nil), join(nil, .slice(slice[cut...]), node.right))
        }

        static func visit(_ node: Node?, _ body: (Piece) -> Void) {
            guard let node else { return }
            visit(node.left, body)
            body(node.piece)
            visit(node.right, body)
        }
    }
}

extension PatchedArray.Node? {
    fileprivate var height: Int { self?.height ?? 0 }

    fileprivate var count: Int { self?.count ?? 0 }
}
