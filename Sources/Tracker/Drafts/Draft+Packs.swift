import Basics
import JSON

/// What became of a pack that was put on the stack.
public struct PackResult: Sendable {
    /// The layer as it stands now.
    public let layer: Layer
    /// Problems that leave the pack usable: unmet prerequisites, and names that lead nowhere, in its objects and, because of it,
    /// in others.
    public let warnings: [PackWarning]
}

/// Content packs as layers: all of a pack or nothing of it (C §14.2).
extension Draft {
    /// Puts a pack on the stack, in the place of one of the same name.
    ///
    /// - Parameters:
    ///   - layer: the pack.
    ///   - replacingWritable: removes writable objects that the pack also holds, instead of refusing the pack.
    ///   - isUpload: refuses objects that lack what they cannot do without. Packs that are there already are put on the stack one
    ///     by one, in whatever order.
    /// - Throws: `denied`; `packRefused` when an object would override, or be overridden by, one that the rules protect;
    ///   `badPack` when an object breaks its type's rules, with a message for each.
    public mutating func push(_ layer: Layer, replacingWritable: Bool = false, isUpload: Bool = false)
        throws(TrackerError) -> PackResult
    {
        try authorize(pack: layer.name, layer, replacingWritable: replacingWritable)
        if replacingWritable { try removeWritable(heldBy: layer) }
        let written = view
        if let conflict = view.stack.conflict(of: layer, isWritten: { written[$0]?.layer == .writable }) {
            let refusal = Refusal.packOverrides(conflict.id, layer: layer, other: conflict.with)
            throw TrackerError(
                .packRefused, StoreLayout.packSection, key: layer.name, view.catalog.layers.wording(refusal))
        }
        let old = view.stack[layer.name]
        let placed = view.stack.push(layer)
        record(PackChange(before: old, after: placed), of: layer.name)
        let ids = placed.ids
        try refreshLayers(ids + (old?.ids ?? []), pushed: placed, over: old)
        try prepareObjects(of: placed)
        try recheckDependants()
        let dangling = try refuseInvalid(ids, of: placed, isUpload: isUpload)
        let unmet = placed.warnings.map { PackWarning(about: nil, text: $0) }
        let result = view.stack[placed.id] ?? placed
        return PackResult(layer: result, warnings: unmet + dangling + damage(outside: placed))
    }

    /// Takes a pack off the stack; what it overrode shows again.
    ///
    /// - Returns: the layer that was taken off, and what is wrong with others since.
    /// - Throws: `notFound` or `denied`.
    @discardableResult
    public mutating func removePack(_ name: String) throws(TrackerError) -> PackResult {
        guard let layer = view.stack[name], layer.kind != .writable else {
            throw TrackerError(
                .notFound, StoreLayout.packSection, key: name, view.catalog.layers.wording(.unknownPack))
        }
        try authorize(pack: name, nil)
        view.stack.remove(name)
        record(PackChange(before: layer, after: nil), of: name)
        try refreshLayers(layer.ids, pushed: nil, over: layer)
        try recheckDependants()
        return PackResult(layer: layer, warnings: damage(outside: layer))
    }

    /// Shows what packs hold of a type that was not known when they came.
    ///
    /// - Throws: as `push`.
    public mutating func showPackObjects(of typeName: TypeName) throws(TrackerError) {
        let keys = Set(view.stack.layers.flatMap { $0.objects[typeName]?.keys.map(\.self) ?? [] })
        try refreshLayers(keys.sorted().map { ObjectID(typeName, $0) }, pushed: nil, over: nil)
        try recheckDependants()
    }

    mutating func record(_ change: PackChange, of name: String) {
        view.watch?.write(StoreLayout.packSection)
        recordCount += 1
        let name = Identifier(name)
        packs[name] = packs[name]?.followed(by: change) ?? change
    }

    /// The type of a pack's object; nil in a section of a stored pack that no type of this server is for any more: what is there
    /// stays in the pack, and does not show.
    private func declaredType(of id: ObjectID) -> ObjectType? { view.catalog[id.typeName] }

    private mutating func removeWritable(heldBy layer: Layer) throws(TrackerError) {
        for id in layer.ids {
            guard let type = declaredType(of: id), let old = view[id], old.layer == .writable else { continue }
            try reveal(id, type, old)
        }
    }

    /// Brings the table's entries for `ids` in line with the stack, after `pushed` took the place of `old`.
    private mutating func refreshLayers(_ ids: [ObjectID], pushed: Layer?, over old: Layer?) throws(TrackerError) {
        for id in ids {
            guard let type = declaredType(of: id) else { continue }
            let shown = view[id]
            if shown?.layer == .writable { continue }
            guard let top = view.stack.topmost(id) else {
                if let shown { try record(ObjectChange(id: id, before: shown, after: nil, action: .delete)) }
                continue
            }
            let isSameLayer = shown?.layer == top.layer.id
            if isSameLayer, top.layer.id != pushed?.id || old?[id] == top.document { continue }
            let after = materialize(top.document, id, type, from: top.layer)
            worklist.add(id)
            try record(ObjectChange(id: id, before: shown, after: after, action: shown == nil ? .create : .update))
        }
    }

    /// Lets the types of the pack's objects change them before they are checked, hidden ones too.
    private mutating func prepareObjects(of layer: Layer) throws(TrackerError) {
        for id in layer.ids {
            guard let type = declaredType(of: id), type.parameters != nil else { continue }
            try rewriteEverywhere(id) { (object, draft) throws(TrackerError) in
                let change = draft.context(.load, type, key: id.key.string, previous: nil)
                try type.prepare(&object, change, in: &draft)
            }
        }
    }

    /// Hard problems of the pack's objects refuse it as a whole.
    ///
    /// - Returns: the names in them that lead nowhere.
    private func refuseInvalid(
        _ ids: [ObjectID], of layer: Layer, isUpload: Bool
    ) throws(TrackerError) -> [PackWarning] {
        var messages: [String] = []
        var warnings: [PackWarning] = []
        for id in ids {
            guard let stored = view[id], stored.layer == layer.id, let type = declaredType(of: id) else {
                continue
            }
            let findings = findings(about: stored, type)
            messages += findings.invalid.map { "\(id.typeName): \($0)" }
            if isUpload { messages += findings.refusals }
            warnings += findings.danglingNames.map { PackWarning(about: id, text: $0) }
        }
        guard messages.isEmpty else { throw TrackerError(.badPack, StoreLayout.packSection, key: layer.name, messages) }
        return warnings
    }

    /// The names in objects outside the pack that lead nowhere since it came, changed or went.
    private func damage(outside layer: Layer) -> [PackWarning] {
        let isGone = view.stack[layer.name] == nil
        var warnings: [PackWarning] = []
        var untold = 0
        for change in changeList.changes {
            guard let after = change.after, isGone || after.layer != layer.id,
                let type = view.catalog[change.id.typeName]
            else { continue }
            let before = Set((change.before?.errors(type) ?? []).map { Identifier($0) })
            guard after.errors(type).contains(where: { !before.contains(Identifier($0)) }) else { continue }
            guard warnings.count < PackWarning.most else {
                untold += 1
                continue
            }
            for name in findings(about: after, type).danglingNames
            where !before.contains(Identifier(name)) && !before.contains(Identifier("\(change.id.key): \(name)")) {
                warnings.append(PackWarning(about: change.id, text: "\(change.id.typeName):\(change.id.key): \(name)"))
            }
        }
        if untold > 0 { warnings.append(PackWarning(about: nil, text: "\(untold) more objects cannot be used since")) }
        return warnings
    }

    private func findings(about stored: StoredObject, _ type: ObjectType) -> Findings {
        view.findings(about: stored, type, for: request, environment)
    }
}
