import Basics
import JSON

/// The layers in the order in which look-ups pass them: the writable one, and then kind by kind; of one kind by name.
public struct LayerStack: Sendable {
    /// Top first; the writable layer is always there.
    public private(set) var layers: [Layer]
    private var nextID: UInt32 = 1

    /// A stack of only the writable layer, whose `meta` is `metadata`.
    init(_ conventions: LayerConventions, writable metadata: JSONObject) {
        layers = [Layer(kind: .writable, name: conventions.writableName, metadata: metadata)]
    }

    /// The layer called `name`, or nil.
    public subscript(name: String) -> Layer? { layers.first { $0.name.hasSameUTF8(as: name) } }

    /// The layer with that id; ids of removed layers are not to be asked for.
    public subscript(id: LayerID) -> Layer? { layers.first { $0.id == id } }

    /// The topmost pack object under `id`, below the writable layer.
    func topmost(_ id: ObjectID) -> (layer: Layer, document: JSONDocument)? {
        for layer in layers { if let document = layer[id] { return (layer, document) } }
        return nil
    }

    /// All pack layers that hold `id`, top first.
    public func holders(of id: ObjectID) -> [Layer] { layers.filter { $0[id] != nil } }

    /// Puts `layer` in its place; one of the same name makes way and leaves it its id.
    @discardableResult
    mutating func push(_ layer: Layer) -> Layer {
        var placed = layer
        if let old = self[layer.name] {
            placed.id = old.id
            remove(layer.name)
        } else {
            placed.id = LayerID(number: nextID)
            nextID += 1
        }
        let position = layers.firstIndex { above in
            (layer.kind, layer.name.utf8Bytes) < (above.kind, above.name.utf8Bytes)
        }
        layers.insert(placed, at: position ?? layers.endIndex)
        return placed
    }

    /// Takes the layer called `name` out.
    mutating func remove(_ name: String) { layers.removeAll { $0.name.hasSameUTF8(as: name) } }

    /// Gives a layer another document for an object that it holds.
    mutating func replace(_ id: ObjectID, by document: JSONDocument, in layer: LayerID) {
        guard let position = layers.firstIndex(where: { $0.id == layer }) else { return }
        layers[position].objects[id.typeName]?[id.key] = document
    }

    /// Whose objects `layer` would override, or be overridden by, against the rules of C §14.1; nil if nobody's.
    ///
    /// - Parameter isWritten: whether the writable layer holds an object.
    func conflict(of layer: Layer, isWritten: (ObjectID) -> Bool) -> (id: ObjectID, with: Layer)? {
        let others = layers.filter { !$0.name.hasSameUTF8(as: layer.name) }
        for id in layer.ids {
            for other in others {
                let holds = other.kind == .writable ? isWritten(id) : other[id] != nil
                guard holds else { continue }
                let lower = max(layer.kind, other.kind)
                if !lower.isOverwritable { return (id, other) }
            }
        }
        return nil
    }
}

extension String {
    /// The UTF-8 bytes as a comparable value: packs are ordered bytewise.
    fileprivate var utf8Bytes: ByteString { ByteString(self) }
}
