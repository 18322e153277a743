/// The word that was probably meant by one that nobody knows, for suggestions.
public enum NearestWord {
    /// The longest word that is looked at, in bytes.
    private static let longest = 64

    /// The word that lies nearest to another, without regard to ASCII case; nil if none lies near.
    ///
    /// - Parameters:
    ///   - wanted: what was given.
    ///   - words: those that there are; of equally near ones the first is taken.
    public static func to(_ wanted: String, among words: some Sequence<String>) -> String? {
        let wanted = wanted.asciiLowercased
        // Of a short word few letters may be wrong, or everything lies near it.
        let limit = min(3, (wanted.utf8.count + 1) / 2)
        let near = words.map { ($0, distance(wanted, $0.asciiLowercased)) }.min { $0.1 < $1.1 }
        return near.flatMap { $0.1 <= limit ? $0.0 : nil }
    }

    /// How many bytes must be inserted, removed, replaced or swapped with the next one to make one word of another, none of
    /// them twice (optimal string alignment).
    static func distance(_ one: String, _ other: String) -> Int {
        let (a, b) = (Array(one.utf8.prefix(longest)), Array(other.utf8.prefix(longest)))
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(row[j] + 1, rows[i][j + 1] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
