import Basics
import HTTPTypes

/// A file that pages are made with and that is part of the program: a style sheet, an image.
package struct Asset: Sendable {
    /// Its name, the last part of its path.
    package let name: String
    private let type: String
    private let bytes: [UInt8]
    private let etag: String

    /// A file.
    ///
    /// - Parameters:
    ///   - name: the last part of its path.
    ///   - type: its media type.
    ///   - text: what is in it.
    package init(_ name: String, type: String, _ text: String) {
        (self.name, self.type, bytes) = (name, type, Array(text.utf8))
        etag = "\"\(bytes.withUnsafeBytes { CRC32C.checksum($0) })-\(bytes.count)\""
    }

    /// The route to the file, which asks nobody who they are. A browser that has it already is told so (RFC 9110 §13.1.2).
    ///
    /// - Parameter folder: below the facade's base.
    package func route<Session>(
        below folder: String, _ requirement: Session.Requirement
    ) -> Route<Session> {
        Route(
            .get, "\(folder)/\(name)", requirement, inputs: RouteInputs(headers: [.ifNoneMatch]), headers: .assets,
            immediate: { context in .answer(answer(to: context.request.headers)) })
    }

    private func answer(to headers: HTTPFields) -> Answer {
        if headers.value(of: .ifNoneMatch)?.hasSameUTF8(as: etag) == true {
            return Answer(status: .notModified, headers: [.eTag: etag])
        }
        return Answer(status: .ok, headers: [.contentType: type, .eTag: etag], body: .array(bytes))
    }
}
