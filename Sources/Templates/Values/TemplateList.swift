/// A slice: elements in order, and the type that they are declared with.
public struct TemplateList {
    /// The elements.
    public let elements: [TemplateValue]

    /// The type of the elements; ``GoType/any`` where they differ.
    public let element: GoType

    /// Whether it is Go's `nil` slice, which JSON has as `null`; it has no elements.
    public let isNil: Bool

    /// How many slices lie in each other, this one included. Maps between them do not count.
    let height: Int

    /// A slice.
    public init(_ elements: [TemplateValue], of element: GoType = .any) {
        self.elements = elements
        self.element = element
        isNil = false
        guard element == .any || element.kind == "slice" else {
            height = 1
            return
        }
        height =
            elements.reduce(0) { height, value in
                guard case .list(let list) = value else { return height }
                return max(height, list.height)
            } + 1
    }

    /// Go's `nil` slice.
    public init(nilOf element: GoType) {
        elements = []
        self.element = element
        isNil = true
        height = 1
    }

    /// The element as the language sees it: an interface where the elements are declared as such.
    subscript(index: Int) -> Reflected {
        Reflected(elements[index], isInterface: element.isInterface)
    }
}

/// A value and how it was come by.
///
/// What is taken from a slice or map of anything is an interface to Go. Its errors then speak of `interface {}` instead of
/// the type of what the interface holds.
struct Reflected {
    var value: TemplateValue
    var isInterface: Bool

    init(_ value: TemplateValue, isInterface: Bool = false) {
        self.value = value
        self.isInterface = isInterface
    }

    /// No value.
    static var missing: Reflected { Reflected(.missing) }

    /// What the interface holds.
    var unwrapped: Reflected {
        if case .nil = value { return .missing }
        return Reflected(value)
    }

    /// How Go names the type in errors.
    var typeName: String {
        if isInterface { return GoType.any.description }
        return value.type?.description ?? GoType.any.description
    }
}
