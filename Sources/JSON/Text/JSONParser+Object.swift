import Basics

extension JSONParser {
    /// Parses the object that starts here, which is the `depth`th container open.
    mutating func parseObject(depth: Int) throws(JSONFault) -> JSONObject {
        guard depth <= maxDepth else { throw JSONFault(code: .tooDeep, offset: offset) }
        let start = offset
        offset += 1
        if skipWhitespace() == UInt8(ascii: "}") {
            offset += 1
            return JSONObject()
        }
        var members: [JSONObject.Member] = []
        members.reserveCapacity(8)
        var isSorted = true
        repeat {
            let member = JSONObject.Member(key: try parseKey(), value: try parseValue(depth: depth))
            if isSorted, !members.isEmpty { isSorted = members[members.count - 1].precedes(member) }
            members.append(member)
        } while try takeComma(orClosing: UInt8(ascii: "}"), else: .commaOrBrace)
        if !isSorted { try sort(&members, ofObjectAt: start) }
        return JSONObject(ascending: members)
    }

    /// Parses a key and its colon.
    @inline(__always)
    private mutating func parseKey() throws(JSONFault) -> String {
        guard skipWhitespace() == UInt8(ascii: "\"") else { throw unexpected(.key) }
        let key = try parseString()
        guard skipWhitespace() == UInt8(ascii: ":") else { throw unexpected(.colon) }
        offset &+= 1
        return key
    }

    private mutating func sort(_ members: inout [JSONObject.Member], ofObjectAt start: Int) throws(JSONFault) {
        members.sort { $0.precedes($1) }
        for index in members.indices.dropFirst() where members[index].hasSameKey(as: members[index - 1]) {
            guard repeatedKeys != nil else { throw try duplicate(of: members[index].key, inObjectAt: start) }
            return try keepLast(of: &members, ofObjectAt: start)
        }
    }

    /// Drops all members but the last of each key; sorting has kept those of one key in the order of the text.
    private mutating func keepLast(
        of members: inout [JSONObject.Member], ofObjectAt start: Int
    ) throws(JSONFault) {
        var kept: [JSONObject.Member] = []
        kept.reserveCapacity(members.count)
        var counted = -1
        for member in members {
            guard let last = kept.last, member.hasSameKey(as: last) else {
                kept.append(member)
                continue
            }
            if counted != kept.count {
                counted = kept.count
                let finder = self
                try repeatedKeys?.add { () throws(JSONFault) in
                    try finder.duplicate(of: member.key, inObjectAt: start).offset
                }
            }
            kept[kept.count - 1] = member
        }
        members = kept
    }

    /// Looks for the second `key` of an object that was parsed before. Reading it again costs only those who send a
    /// duplicate; remembering the offset of every key would cost everybody.
    private func duplicate(of key: String, inObjectAt start: Int) throws(JSONFault) -> JSONFault {
        var again = JSONParser(text, limits: .trusted, at: start + 1)
        again.repeatedKeys = RepeatedKeys(told: 0)
        var isSecond = false
        while true {
            _ = again.skipWhitespace()
            let keyStart = again.offset
            if try again.parseKey().hasSameUTF8(as: key) {
                if isSecond { return JSONFault(code: .duplicateKey, offset: keyStart) }
                isSecond = true
            }
            _ = try again.parseValue(depth: 0)
            _ = try again.takeComma(orClosing: UInt8(ascii: "}"), else: .commaOrBrace)
        }
    }
}
