/// How work grows with its input, told by the steps that it counts.
///
/// Time depends on the machine and on what else it does; steps do not. Work that is linear, or nearly, takes twice the steps
/// for twice the input.
public enum StepGrowth {
    /// The most that work may grow by when its input doubles: linear work that sorts or searches on the way stays below.
    public static let limit = 2.3

    /// The larger of the two factors by which steps grow when `size` doubles, and doubles again.
    ///
    /// - Parameter steps: does the work on an input of that size, and tells the steps that it took.
    public static func perDoubling(of size: Int, steps: (_ size: Int) throws -> Int) rethrows -> Double {
        largest(of: try [size, 2 * size, 4 * size].map(steps))
    }

    /// The same for work that waits.
    public static func perDoubling(
        of size: Int, steps: (_ size: Int) async throws -> Int
    ) async rethrows -> Double {
        var counts: [Int] = []
        for size in [size, 2 * size, 4 * size] { counts.append(try await steps(size)) }
        return largest(of: counts)
    }

    private static func largest(of counts: [Int]) -> Double {
        let counts = counts.map { max(1, Double($0)) }
        return max(counts[1] / counts[0], counts[2] / counts[1])
    }
}
