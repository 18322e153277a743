import Access
import HTTPServing
import JSON
import Provisioning
import Tracker

extension RequestContext {
    /// How the values of params are shown in the answer; nil for as they are kept.
    ///
    /// `decode` opens sealed ones. Of a past state nothing is shown in clear that is secret today, unless it is asked for in
    /// the same way.
    var paramReading: ParamResolution.Reading? {
        if query.isSet("decode") {
            let opener = ParamDecryptor(snapshot)
            return { _, value, holder in opener(value, of: holder) }
        }
        return testedReading
    }

    /// How values of params are tested by filters: as they are shown without `decode`, so that nobody finds out by a filter what
    /// an answer would not show; nil for as they are kept.
    var testedReading: ParamResolution.Reading? {
        guard session.accessSnapshot != nil else { return nil }
        let redaction = Redaction(for: self)
        if redaction.sparesParams { return nil }
        return { name, value, _ in redaction.param(name, value) }
    }
}

extension StoredObject {
    /// The object's own params, as `reading` shows them.
    ///
    /// - Parameter typeName: the object's type.
    func params(_ typeName: TypeName, _ reading: ParamResolution.Reading?) -> JSONObject {
        let params = document.member("Params")?.value().objectValue ?? [:]
        guard let reading else { return params }
        let id = ObjectID(typeName, key)
        return JSONObject(params.map { ($0, reading($0, $1, id)) })
    }
}
