import JSON
import Provisioning
import Synchronization
import Testing
import Tracker

/// What it takes to boot into a bootenv (C §5.1).
@Suite struct BootFileTests {
    /// Files that come and go.
    final class Files: Sendable {
        private let paths: Mutex<Set<String>>

        init(_ paths: Set<String> = []) { self.paths = Mutex(paths) }

        func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

        var catalog: FileCatalog { FileCatalog { path in self.paths.withLock { $0.contains(path) } } }
    }

    private static let loader: JSONValue = [["Name": "ipxe", "Path": "{{.Machine.Address}}.ipxe", "Contents": "x"]]

    @Test func `a bootenv of nothing but a name can be used`() async throws {
        let world = try await TestServer()
        #expect(try await world.create("bootenvs", ["Name": "fred"])["Available"] == true)
    }

    @Test func `a kernel needs a loader and an OS name`() async throws {
        let world = try await TestServer(files: FileCatalog { _ in true })
        try await world.create("bootenvs", ["Name": "be", "Kernel": "vmlinuz"])
        #expect(
            world.errors("bootenvs", "be") == [
                "be: bootenv: Missing elilo or pxelinux template", "be: bootenv: Missing OS.Name",
            ])
    }

    @Test func `uploading the image makes a bootenv usable, and the stage that wants it`() async throws {
        let files = Files()
        let world = try await TestServer(files: files.catalog)
        try await world.create("stages", ["Name": "st", "BootEnv": "deb-install"])
        try await world.create(
            "bootenvs",
            [
                "Name": "deb-install", "Kernel": "linux", "Initrds": ["initrd.gz"], "Templates": Self.loader,
                "OS": ["Name": "deb-12", "IsoFile": "deb.iso", "IsoUrl": "http://mirror/deb.iso"],
            ])
        // The answer to whoever writes it comes before the server looks.
        #expect(world.isAvailable("bootenvs", "deb-install"))
        try await world.change { (draft) throws(TrackerError) in draft.recheckBootEnvs() }
        #expect(
            world.errors("bootenvs", "deb-install") == [
                "deb-install: Explode ISO: iso does not exist: isos/deb.iso",
                "deb-install: You can download the required ISO from http://mirror/deb.iso",
                "deb-install: bootenv: deb-install: missing kernel linux (deb-12/install/linux)",
                "deb-install: bootenv: deb-install: missing initrd initrd.gz (deb-12/install/initrd.gz)",
            ])
        files.add("deb-12/install/linux")
        files.add("deb-12/install/initrd.gz")
        #expect(!world.isAvailable("bootenvs", "deb-install"))
        try await world.change { (draft) throws(TrackerError) in draft.recheckBootEnvs() }
        #expect(world.isAvailable("bootenvs", "deb-install"))
        #expect(world.isAvailable("stages", "st"))
    }

    @Test func `one complete architecture is enough`() async throws {
        let files = Files(["deb-12/aarch64/linux.arm"])
        let world = try await TestServer(files: files.catalog)
        let os: JSONObject = [
            "Name": "deb-12",
            "SupportedArchitectures": [
                "x86_64": ["IsoFile": "a.iso", "Kernel": "linux"],
                "aarch64": ["IsoFile": "b.iso", "Kernel": "linux.arm"],
            ],
        ]
        try await world.create(
            "bootenvs", ["Name": "deb", "Kernel": "vmlinuz", "Templates": Self.loader, "OS": .object(os)])
        #expect(world.isAvailable("bootenvs", "deb"))
    }

    @Test func `bootenvs of packs are checked again too, and stay theirs`() async throws {
        let files = Files()
        let bootEnv: JSONValue = [
            "Name": "be", "Kernel": "linux", "Templates": Self.loader, "OS": ["Name": "os", "IsoFile": "os.iso"],
        ]
        let world = try await TestServer(files: files.catalog, packs: [("pack", ["bootenvs": ["be": bootEnv]])])
        #expect(
            world.errors("bootenvs", "be") == [
                "be: Explode ISO: iso does not exist: isos/os.iso", "be: bootenv: be: missing kernel linux (os/linux)",
            ])
        files.add("os/linux")
        try await world.change { (draft) throws(TrackerError) in draft.recheckBootEnvs() }
        #expect(world.isAvailable("bootenvs", "be"))
        #expect(world.object("bootenvs", "be")?["Bundle"] == "pack")
    }

    @Test func `without an image nobody looks for a kernel, and paths are looked for as they lead`() async throws {
        let files = Files(["os/linux"])
        let world = try await TestServer(files: files.catalog)
        try await world.create(
            "bootenvs", ["Name": "bare", "Kernel": "linux", "Templates": Self.loader, "OS": ["Name": "elsewhere"]])
        try await world.create(
            "bootenvs",
            [
                "Name": "round", "Kernel": "grub/../linux", "Templates": Self.loader,
                "OS": ["Name": "os", "IsoFile": "os.iso"],
            ])
        try await world.change { (draft) throws(TrackerError) in draft.recheckBootEnvs() }
        #expect(world.isAvailable("bootenvs", "bare"))
        #expect(world.isAvailable("bootenvs", "round"))
    }

    @Test func `the loader of arm64 is the operator's, and is named where it is missing`() async throws {
        let files = Files()
        let world = try await TestServer(files: files.catalog)
        let os: JSONObject = ["Name": "os", "SupportedArchitectures": ["arm64": ["Kernel": "linux"]]]
        try await world.create("bootenvs", ["Name": "be", "Templates": Self.loader, "OS": .object(os)])
        try await world.change { (draft) throws(TrackerError) in draft.recheckBootEnvs() }
        #expect(
            world.errors("bootenvs", "be") == [
                "be: bootenv: be: missing loader ipxe-arm64.efi: put it into the file root"
            ])
        files.add("ipxe-arm64.efi")
        try await world.change { (draft) throws(TrackerError) in draft.recheckBootEnvs() }
        #expect(world.isAvailable("bootenvs", "be"))
    }
}
