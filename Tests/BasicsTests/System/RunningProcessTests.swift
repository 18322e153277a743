import Basics
import Glibc
import Synchronization
import Testing

@Suite struct `A program that runs` {
    private func run(_ script: String, _ environment: [String] = ["PATH=/bin:/usr/bin"]) throws -> (
        RunningProcess.End, String
    ) {
        let process = try RunningProcess(.init(["/bin/sh", "-c", script], environment: environment))
        var bytes: [UInt8] = []
        let end = process.run { bytes += $0 }
        return (end, String(decoding: bytes, as: UTF8.self))
    }

    @Test func `gives what it writes to both outputs, in order, and its status`() throws {
        let (end, text) = try run("echo one; echo two >&2; echo three; exit 7")
        #expect(end == .exited(7) && text == "one\ntwo\nthree\n")
    }

    @Test func `has the environment that it is given, an empty input and a group of its own`() throws {
        let (_, text) = try run(
            "echo $NAME; cat; ps -o pgid= -p $$ | tr -d ' '; echo $$", ["NAME=value", "PATH=/bin:/usr/bin"])
        let lines = text.split(separator: "\n")
        #expect(lines[0] == "value" && lines[1] == lines[2])
    }

    @Test func `has none of the signals that this process ignores`() throws {
        signal(SIGPIPE, SIG_IGN)
        #expect(try run("kill -PIPE $$").0 == .killed(signal: SIGPIPE))
    }

    @Test func `gives all of a long output`() throws {
        #expect(try run("head -c 3000000 /dev/zero").1.utf8.count == 3_000_000)
    }

    @Test func `has ended although what it left holds its output`() throws {
        let begin = ContinuousClock.now
        let (end, text) = try run("sleep 20 & echo $!")
        #expect(end == .exited(0) && ContinuousClock.now - begin < .seconds(10))
        kill(pid_t(text.split(separator: "\n")[0]) ?? 0, SIGKILL)
    }

    @Test func `is ended with all that it started`() async throws {
        let process = try RunningProcess(
            .init(["/bin/sh", "-c", "sleep 600 & echo $!; wait"], environment: ["PATH=/bin:/usr/bin"]))
        let text = Mutex("")
        let ended = Task {
            await BlockingPool.shared.run {
                process.run { bytes in
                    text.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
                    process.end()
                }
            }
        }
        #expect(await ended.value == .killed(signal: SIGTERM))
        let child = pid_t(text.withLock { $0 }.split(separator: "\n")[0]) ?? 0
        // It may take a moment until its new parent has taken it away.
        while kill(child, 0) == 0 { try await Task.sleep(for: .milliseconds(10)) }
    }

    @Test func `is killed if it does not end when it is asked to`() async throws {
        let process = try RunningProcess(
            .init(
                ["/bin/sh", "-c", "trap '' TERM; echo; while true; do sleep 1; done"],
                environment: ["PATH=/bin:/usr/bin"]))
        let ended = Task {
            await BlockingPool.shared.run { process.run { _ in process.end(grace: .milliseconds(50)) } }
        }
        #expect(await ended.value == .killed(signal: SIGKILL))
    }

    @Test func `cannot be one that is not there`() {
        #expect {
            try RunningProcess(.init(["/no/such/program"], environment: []))
        } throws: {
            "\($0)" == "/no/such/program cannot be started: No such file or directory"
        }
    }

    @Test func `is found by its group and a mark after whoever started it died`() throws {
        let process = try RunningProcess(
            .init(["/bin/sleep", "600"], environment: ["MARK=this", "PATH=/bin"]))
        // A program that has just been started has no environment yet for who looks from outside.
        while SmallFile.read("/proc/\(process.id)/environ")?.isEmpty ?? true { usleep(1000) }
        #expect(ProcessGroups.killRest(of: process.id, markedBy: "MARK=that") == 0)
        #expect(ProcessGroups.killRest(of: process.id + 1, markedBy: "MARK=this") == 0)
        #expect(ProcessGroups.killRest(of: process.id, markedBy: "MARK=this") == 1)
        #expect(process.run { _ in } == .killed(signal: SIGKILL))
    }
}

@Suite struct `A small file` {
    @Test func `is there whole or not at all, with its mode`() throws {
        let path = "/tmp/muster-small-\(getpid())"
        defer { unlink(path) }
        #expect(SmallFile.read(path) == nil && errno == ENOENT)
        #expect(SmallFile.write("one".utf8, to: path, mode: 0o600))
        #expect(SmallFile.write("two".utf8, to: path, mode: 0o640))
        #expect(SmallFile.read(path) == Array("two".utf8))
        var status = stat()
        stat(path, &status)
        #expect(status.st_mode & 0o777 == 0o640)
        #expect(!SmallFile.write("x".utf8, to: path + "/below") && errno == ENOTDIR)
    }
}
