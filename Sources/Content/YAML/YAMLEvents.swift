import CYaml

/// One event of libyaml's parser.
struct YAMLEvent {
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd
        case alias, scalar, sequenceStart, sequenceEnd, mappingStart, mappingEnd
    }

    let kind: Kind
    /// The line where it starts, from 1.
    let line: Int
    /// The name that a node is given, or that an alias asks for.
    var anchor: String?
    /// The tag in its long form.
    var tag: String?
    /// A scalar's text.
    var text = ""
    /// Whether a scalar without a tag may be something else than text.
    var isPlain = false
}

/// The events of a text, one after the other. The parser reads no further than the event that is asked for takes, so its
/// cost follows what is made of its events.
struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) {
        input = .allocate(capacity: max(bytes.count, 1))
        parser = .allocate(capacity: 1)
        _ = input.initialize(from: bytes)
        parser.initialize(to: yaml_parser_t())
        // Whether there was memory for it; if not, the parser's first event fails.
        _ = yaml_parser_initialize(parser)
        yaml_parser_set_input_string(parser, UnsafePointer(input.baseAddress), bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event.
    ///
    /// - Throws: `YAMLError` where the text breaks the syntax.
    mutating func next() throws(YAMLError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
        defer { yaml_event_delete(&event) }
        let line = event.start_mark.line + 1
        switch event.type {
        case YAML_ALIAS_EVENT:
            return YAMLEvent(kind: .alias, line: line, anchor: Self.text(event.data.alias.anchor))
        case YAML_SCALAR_EVENT: return Self.scalar(event.data.scalar, line)
        case YAML_SEQUENCE_START_EVENT:
            return YAMLEvent(
                kind: .sequenceStart, line: line, anchor: Self.text(event.data.sequence_start.anchor))
        case YAML_MAPPING_START_EVENT:
            return YAMLEvent(kind: .mappingStart, line: line, anchor: Self.text(event.data.mapping_start.anchor))
        case YAML_SEQUENCE_END_EVENT: return YAMLEvent(kind: .sequenceEnd, line: line)
        case YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .mappingEnd, line: line)
        case YAML_STREAM_START_EVENT: return YAMLEvent(kind: .streamStart, line: line)
        case YAML_DOCUMENT_START_EVENT: return YAMLEvent(kind: .documentStart, line: line)
        case YAML_DOCUMENT_END_EVENT: return YAMLEvent(kind: .documentEnd, line: line)
        default: return YAMLEvent(kind: .streamEnd, line: line)
        }
    }

    private typealias ScalarData = yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar

    private static func scalar(_ scalar: ScalarData, _ line: Int) -> YAMLEvent {
        let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        // Of the tag `!` libyaml tells nothing but that quotes do not count; go-yaml takes it for a tag like any other.
        let isMarked = scalar.plain_implicit == 1 && scalar.style != YAML_PLAIN_SCALAR_STYLE
        return YAMLEvent(
            kind: .scalar, line: line, anchor: text(scalar.anchor), tag: isMarked ? "!" : text(scalar.tag),
            text: String(decoding: bytes, as: UTF8.self), isPlain: scalar.plain_implicit == 1)
    }

    private static func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
        pointer.map { String(decodingCString: $0, as: UTF8.self) }
    }

    /// Why the parser stopped.
    private func problem() -> YAMLError {
        let state = parser.pointee
        var reason = state.problem.map { String(cString: $0) } ?? "there is not enough memory to read it"
        // The parser looks for a key's colon first, and gives up at a depth of its own.
        if reason.hasPrefix("Maximum nesting level") { reason = "nested deeper than 1000 levels" }
        guard state.error == YAML_READER_ERROR else {
            return YAMLError(line: state.problem_mark.line + 1, reason: reason)
        }
        let before = input.prefix(min(state.problem_offset, input.count))
        return YAMLError(line: before.count { $0 == UInt8(ascii: "\n") } + 1, reason: reason)
    }
}
