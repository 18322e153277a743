import Basics
import JSON
import Tracker

extension ChangeContext {
    /// The object that `name` means in the state the change would join.
    func object(_ typeName: TypeName, _ name: String) -> StoredObject? { view.object(typeName, name) }

    /// Whether the object already had `name` in `field`, so that this change is not to blame for what it leads to.
    func had(_ name: String, in field: String) -> Bool {
        guard let previous else { return false }
        return previous.text(field).hasSameUTF8(as: name) || previous.texts(field).contains(bytesOf: name)
    }

    /// Whether removing the object leaves nothing under its key; where it overrides a pack's, that shows again.
    var leavesNothing: Bool {
        !view.stack.holders(of: ObjectID(type.typeName, ByteString(key))).contains { $0.kind != .writable }
    }

    /// The refusal of a removal because others need the object.
    func inUse(_ messages: [String]) -> TrackerError { TrackerError(.stillInUse, type.typeName, key: key, messages) }
}

extension Findings {
    /// Reports a name that leads nowhere in a type that may not be written with one: hard when the change brings the
    /// name in, soft when it was there before and only its target has gone (C §6).
    ///
    /// - Parameter isMissing: whether there is nothing of that name; if not, what there is cannot be used.
    mutating func dangling(
        _ name: String, in field: String, _ message: String, _ change: ChangeContext, onObject: Bool = false,
        isMissing: Bool = true
    ) {
        if isMissing { noteDangling(message) }
        if !change.had(name, in: field) {
            dangling(message, onObject: onObject)
        } else if onObject {
            addUnavailable(message)
        } else {
            addMissing(message)
        }
    }
}
