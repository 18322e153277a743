import CStorage
import Glibc

/// Has the process end with one line, and not by a bare signal, when the device cannot give a page of a memory map.
///
/// What a device cannot read any more, or a file that somebody cut short, comes as SIGBUS to whoever reads the map. There is
/// no state to go on from: the line names the file and what to do.
final class MapGuard {
    private let slot: Int32

    /// Guards the map of the file at `path`; a faulty address elsewhere is left to whoever handled it before.
    init(_ map: UnsafeRawBufferPointer, path: String) {
        let line =
            "muster: a page of \(path) cannot be read: the device failed, or the file was cut short while in use. Check "
            + "the device and the kernel log, then start again; if the store is refused, restore a backup\n"
        slot = line.withCString { store_map_guard(map.baseAddress, map.count, $0) }
    }

    deinit { store_map_release(slot) }
}
