import Logging

extension LogEvent {
    /// Adds what the handler and its provider say of all lines, and the error. What comes with the line goes first; mostly it is
    /// all there is, and then nothing is merged.
    mutating func complete(with common: Logger.Metadata, _ provider: Logger.MetadataProvider?) {
        var all = metadata ?? [:]
        if let provided = provider?.get() { all.merge(provided) { own, _ in own } }
        if !common.isEmpty { all.merge(common) { own, _ in own } }
        if let error { all["error"] = "\(error)" }
        metadata = all
    }
}
