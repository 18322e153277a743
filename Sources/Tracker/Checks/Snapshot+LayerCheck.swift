import JSON

extension Snapshot {
    /// Differences between a table and the layers below the writable one.
    func layerDifferences(_ table: Table) -> [String] {
        var differences: [String] = []
        let typeName = table.type.typeName
        for (key, object) in table.objects where object.isFromPack {
            let top = stack.topmost(ObjectID(typeName, key))
            if top?.layer.id != object.layer {
                differences.append(
                    "\(typeName)/\(key) is shown from another layer than the topmost, \(top?.layer.name ?? "none")")
            } else if let top, !Self.isShown(top.document, by: object, table.type) {
                differences.append("\(typeName)/\(key) is not what layer \(top.layer.name) says")
            }
        }
        for layer in stack.layers {
            for key in (layer.objects[typeName] ?? [:]).keys where table[key] == nil {
                differences.append("\(typeName)/\(key) of layer \(layer.name) is not shown")
            }
        }
        return differences
    }

    /// Whether an object is a pack's, but for what the server adds to it.
    private static func isShown(_ document: JSONDocument, by object: StoredObject, _ type: ObjectType) -> Bool {
        var (said, shown) = (document.value().objectValue ?? [:], object.object)
        for name in type.common.names {
            said[name] = nil
            shown[name] = nil
        }
        return said == shown
    }
}
