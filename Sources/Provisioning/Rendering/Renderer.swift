import Basics
import JSON
import Templates
public import Tracker

/// Renders what machines boot from and run, in one state of the server, for one client.
public struct Renderer: Sendable {
    let view: Snapshot
    private let location: ServerLocation
    private let services: RenderServices

    /// A renderer.
    ///
    /// - Parameters:
    ///   - view: the state.
    ///   - location: where the client reaches the server.
    public init(_ view: Snapshot, at location: ServerLocation, _ services: RenderServices) {
        (self.view, self.location, self.services) = (view, location, services)
    }

    /// A file of a bootenv or stage as it is for a machine.
    public struct File: Sendable {
        /// The path below the file root, without a slash at the start.
        public let path: String
        /// The hardware address that the path was made for; nil if it has none in it.
        public let hardwareAddress: String?
    }

    /// The paths of a source's file; none where the machine lacks the address that it would have in its path. There are several
    /// where that is a hardware address of which the machine has several.
    ///
    /// - Throws: if the path cannot be rendered.
    public func files(
        of source: TemplateSource, for subject: RenderSubject
    ) throws(RenderError) -> [File] {
        try files(of: source, for: subject, in: scene(subject))
    }

    /// As the other, in a scene that is there already.
    func files(
        of source: TemplateSource, for subject: RenderSubject, in scene: RenderScene
    ) throws(RenderError) -> [File] {
        guard !source.path.isEmpty else { return [] }
        (scene.usedHardwareAddress, scene.missedAddress) = (false, false)
        let path = try scene.render(source.path, named: source.name, missingKey: .error)
        guard !scene.missedAddress else { return [] }
        let first = File(
            path: Self.clean(path), hardwareAddress: scene.usedHardwareAddress ? scene.firstHardwareAddress : nil)
        guard scene.usedHardwareAddress, let machine = subject.machine else { return [first] }
        var files = [first]
        for address in machine.texts("HardwareAddrs").dropFirst() {
            let other = try self.scene(subject, hardwareAddress: address)
            let path = try other.render(source.path, named: source.name, missingKey: .error)
            files.append(File(path: Self.clean(path), hardwareAddress: address))
        }
        return files
    }

    /// What is in a file.
    public enum Contents: Sendable {
        /// Text.
        case text(String)
        /// What another path shows.
        case link(String)
    }

    /// What is in a file of a source, in the scene for which its path was made.
    ///
    /// - Throws: why it cannot be rendered.
    func contents(of source: TemplateSource, in scene: RenderScene) throws(RenderError) -> Contents {
        guard source.link.isEmpty else {
            return .link(Self.clean(try scene.render(source.link, named: source.name, missingKey: .error)))
        }
        return .text(try scene.render(source))
    }

    /// What a source comes to, and the params that it read on the way.
    ///
    /// - Throws: why it cannot be rendered.
    public func explained(
        _ source: TemplateSource, for subject: RenderSubject
    ) throws(RenderError) -> (text: String, reads: [ParamRead]) {
        let scene = try scene(subject)
        return (try scene.render(source), scene.reads)
    }

    func scene(
        _ subject: RenderSubject, hardwareAddress: String? = nil
    ) throws(RenderError) -> RenderScene {
        try RenderScene(subject, in: view, at: location, hardwareAddress: hardwareAddress, services)
    }

    /// The path without what leads nowhere: slashes at the start, empty parts, dots.
    static func clean(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.parts(between: "/") where !part.isEmpty && part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}

extension RenderScene {
    fileprivate var firstHardwareAddress: String? { machine?.texts("HardwareAddrs").first }
}
