import Basics
import CProcess
import Glibc

/// What is to be run of a plug-in's program, and what it may take.
struct ProgramLaunch: Sendable {
    /// The program's path.
    var path: String
    /// Its arguments, without the program itself.
    var arguments: [String]
    /// What it is told beside the server's own environment.
    var environment: [(name: String, value: String)]
    /// The directory that it runs in.
    var directory: String
    /// What it may take.
    var limits = ProgramLimits()

    /// A program that has just been written may still be open for writing in a process that is being started, for a moment.
    private static let (mostAttempts, pause) = (40, UInt32(50_000))

    /// Starts the program in a process group of its own. The process is killed when the calling thread ends.
    ///
    /// - Parameters:
    ///   - output: where its standard output goes.
    ///   - errors: where its standard error goes.
    /// - Throws: why it cannot be run.
    func start(output: Int32, errors: Int32) throws(ProgramError) -> pid_t {
        let arguments = CStrings([path] + self.arguments)
        let variables = CStrings(Self.inherited + environment.map { "\($0.name)=\($0.value)" })
        let folders = CStrings([directory])
        var program = muster_program(
            path: arguments.pointers[0], arguments: arguments.pointers, environment: variables.pointers,
            directory: folders.pointers[0], output: output, errors: errors, memory: limits.memory,
            descriptors: limits.descriptors, file_size: limits.fileSize)
        for _ in 1..<Self.mostAttempts {
            let process = muster_program_start(&program)
            if process > 0 { return process }
            guard errno == ETXTBSY else { break }
            usleep(Self.pause)
        }
        throw ProgramError(cannotRun: path)
    }

    /// The server's own environment, without its settings: passwords may be among them.
    private static var inherited: [String] {
        var variables: [String] = []
        var next = environ
        while let variable = next.pointee {
            let text = String(cString: variable)
            if !text.hasBytePrefix("RS_") { variables.append(text) }
            next += 1
        }
        return variables
    }
}

/// What a program of a plug-in may take; zero is any amount.
public struct ProgramLimits: Sendable, Hashable {
    /// Its address space, in bytes.
    public var memory: UInt64 = 8 << 30
    /// How many files and connections it may have open.
    public var descriptors: UInt64 = 1_024
    /// The largest file that it may write, in bytes.
    public var fileSize: UInt64 = 8 << 30

    /// The usual limits.
    public init() {}
}

/// Why a program of a plug-in cannot be run, or did not do what it was run for.
struct ProgramError: Error, CustomStringConvertible, Hashable {
    /// The reason, as a part of a sentence.
    let description: String

    init(_ description: String) { self.description = description }

    /// The reason that the system has just given.
    init(cannotRun path: String) { self.init("\(path) cannot be run: \(String(cString: strerror(errno)))") }
}

/// How a program ended.
enum ProgramExit: Sendable, Hashable, CustomStringConvertible {
    case status(Int32)
    case signal(Int32)

    /// The part of a sentence that says it.
    var description: String {
        switch self {
        case .status(let status): "exited with status \(status)"
        case .signal(let signal): "was ended by the signal \(signal) (\(String(cString: strsignal(signal))))"
        }
    }

    /// What `waitpid` says.
    init(waitStatus status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .status(status >> 8 & 0xFF) : .signal(signal)
    }
}

/// Texts as C wants them: an array of pointers with a null at its end.
private final class CStrings {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ texts: [String]) {
        count = texts.count
        pointers = .allocate(capacity: texts.count + 1)
        for (position, text) in texts.enumerated() { (pointers + position).initialize(to: strdup(text)) }
        (pointers + texts.count).initialize(to: nil)
    }

    deinit {
        for position in 0..<count { free(pointers[position]) }
        pointers.deallocate()
    }
}
