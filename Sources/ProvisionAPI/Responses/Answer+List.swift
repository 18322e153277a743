import HTTPServing
import HTTPTypes
import JSON

extension Answer {
    /// A list that is shown as a whole, with its counts (C §2.2).
    static func list(_ rows: [JSONValue], isHead: Bool) -> Answer {
        var answer = isHead ? json(.none) : json(.array(rows))
        let count = String(rows.count)
        answer.headers[.listCount] = count
        answer.headers[.listFilterCount] = count
        answer.headers[.listTotalCount] = count
        return answer
    }
}
