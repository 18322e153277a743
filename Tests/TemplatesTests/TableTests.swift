import Basics
import Glibc
import JSON
import Templates
import Testing

/// Templates with what Go's `text/template` and sprig make of them, as `Tests/Corpus/templates/oracle.go` found out.
@Suite struct TableTests {
    @Test(arguments: ["language", "printing", "builtins", "sprig", "patterns", "versions", "dates"])
    func `templates show what they show in Go`(table: String) throws { try check(table) }

    @Test(.enabled(if: access("/usr/share/zoneinfo/Europe/Berlin", R_OK) == 0, "the system has no files of time zones"))
    func `templates show times of zones as Go does`() throws { try check("zones") }

    private func check(_ table: String) throws {
        let table = try JSONValue(parsing: try contents(of: table))
        let rows = try #require(table["rows"]?.arrayValue)
        #expect(rows.count > 50)
        for row in rows {
            let (found, expected) = (outcome(of: row, samples: table["samples"] ?? .null), outcome(in: row))
            let template = row["template"]?.stringValue ?? ""
            #expect(found == expected, "\(row["about"]?.stringValue ?? ""): \(template) of \(row["sample"] ?? .null)")
        }
    }

    /// What the table says, errors included.
    private func outcome(in row: JSONValue) -> String {
        row["out"]?.stringValue ?? "error: \(row["error"]?.stringValue ?? "")"
    }

    private func outcome(of row: JSONValue, samples: JSONValue) -> String {
        do {
            return try execute(row, samples: samples)
        } catch {
            return "error: \(error)"
        }
    }

    private func execute(_ row: JSONValue, samples: JSONValue) throws -> String {
        let missingKey = TemplateOptions.MissingKey(rawValue: row["missingkey"]?.stringValue ?? "") ?? .default
        let others = try (row["others"]?.objectValue?.members ?? []).map { member in
            try Template(parsing: member.value.stringValue ?? "", name: member.key)
        }
        let template = try Template(parsing: row["template"]?.stringValue ?? "", name: "t")
        return try template.execute(
            data(of: row, samples: samples), in: TemplateSet(others),
            functions: row["plain"] == true ? .builtins : .provisioning,
            options: TemplateOptions(missingKey: missingKey))
    }

    private func data(of row: JSONValue, samples: JSONValue) -> TemplateValue {
        if let sample = row["sample"]?.stringValue {
            let json = samples[sample] ?? .null
            return sample == "box" ? .object(SampleObject(json: json)) : TemplateValue(json)
        }
        return row["data"].map { TemplateValue($0) } ?? .missing
    }

    private func contents(of table: String) throws -> [UInt8] {
        let root = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined()
        let file = try #require(fopen("\(root)/Corpus/templates/\(table).json", "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part.prefix(count) }
        return bytes
    }
}
