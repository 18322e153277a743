import Basics
import Logging
import NetServices
import Provisioning
import Tracker

/// The files that clients upload, and what follows from them: images are unpacked, and bootenvs looked at again.
final class BlobServices: Sendable {
    /// The folders by the names that URLs have for them.
    enum Kind: String, Sendable, CaseIterable {
        case files, isos
    }

    let checksums = BlobChecksums()
    private let fileRoot: String
    private let tracker: DataTracker
    private let logger: Logger
    /// Unpacks one image after the other.
    private let unpacking = WorkQueue<SoleOwner>(width: 1, limit: 1_000)

    init(fileRoot: String, _ tracker: DataTracker, logger: Logger) {
        (self.fileRoot, self.tracker, self.logger) = (fileRoot, tracker, logger)
    }

    /// The folder of a kind.
    func folder(_ kind: Kind) -> BlobFolder { BlobFolder("\(fileRoot)/\(kind.rawValue)") }

    /// Tells watchers of a file that has come or gone, and has what depends on it looked at again.
    func changed(_ kind: Kind, _ path: String, _ action: String, by principal: String) async {
        tracker.events.publish(
            Event(
                time: tracker.environment.now().description, type: kind.rawValue, action: action, key: path,
                principal: principal))
        if kind == .isos, action == "create" { unpackAll(named: path) }
        await recheckBootEnvs("\(kind.rawValue)/\(path): \(action)")
    }

    /// Unpacks what bootenvs want unpacked of an image, one after the other, and later than now.
    func unpackAll(named name: String) {
        for image in BootImage.all(named: name, in: tracker.snapshot) { unpack(image) }
    }

    /// Unpacks an image later than now.
    func unpack(_ image: BootImage) {
        Task {
            let outcome = await unpacking.run { [self] in unpackNow(image) }
            let problem = outcome ?? "too many images wait to be unpacked: upload it again later"
            let metadata: Logger.Metadata = [
                "iso": "\(image.name)", "bootenv": "\(image.bootEnv)", "folder": "\(image.folder)",
            ]
            if let problem {
                logger.error("an image cannot be unpacked", metadata: metadata.merging(["cause": "\(problem)"]) { $1 })
            } else {
                logger.info("an image is unpacked", metadata: metadata)
            }
            await recheckBootEnvs("isos/\(image.name): unpacked")
        }
    }

    /// - Returns: why it cannot be unpacked; nil if it is.
    private func unpackNow(_ image: BootImage) -> String? {
        guard let file = folder(.isos).file(image.name) else { return "there is no iso \(image.name)" }
        if !image.checksum.isEmpty {
            guard let sum = try? checksums.sum(of: file) else { return "it cannot be read" }
            guard sum.hasSameUTF8(as: image.checksum) else {
                return "its SHA-256 is \(sum), and bootenv \(image.bootEnv) wants \(image.checksum)"
            }
        }
        return ArchiveUnpacker.unpack(file.path, to: "\(fileRoot)/\(image.folder)")
    }

    /// Takes away an image, and what was unpacked of it: in its turn among those that are unpacked, or one that is under way
    /// would bring back what is taken away.
    ///
    /// - Returns: false if too many wait for their turn.
    func purge(_ image: BootImage) async -> Bool {
        let outcome: Void? = await unpacking.run { [self] in
            _ = try? folder(.isos).remove(image.name)
            Folder.removeAll("\(fileRoot)/\(image.folder)")
        }
        return outcome != nil
    }

    /// Has all bootenvs looked at again.
    func recheckBootEnvs(_ reason: String) async {
        await BootFileLook.look(tracker, reason, logger)
    }
}
