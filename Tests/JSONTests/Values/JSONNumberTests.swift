import JSON
import StoreTesting
import Testing

@Suite struct JSONNumberTests {
    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("-0.0", "0"), ("0e99999999999999999999", "0"), ("1", "1"), ("-1", "-1"), ("1.0", "1"),
        ("1e3", "1000"), ("10e-1", "1"), ("0.00000000000000000000000000001e29", "1"), ("1.5", "1.5"), ("0.1", "0.1"),
        ("-0.25", "-0.25"), ("1.50", "1.5"), ("100.25E-2", "1.0025"), ("123.456e1", "1234.56"),
        ("0.000001", "0.000001"), ("0.0000001", "1e-7"), ("1.5e-9", "1.5e-9"), ("1e-10", "1e-10"), ("1e-400", "0"),
        ("1e20", "100000000000000000000"), ("1e21", "1e+21"), ("1.5e300", "1.5e+300"), ("-1e22", "-1e+22"),
        ("5e-324", "5e-324"), ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ("9223372036854775807", "9223372036854775807"), ("-9223372036854775808", "-9223372036854775808"),
        ("9223372036854775807.0", "9223372036854775807"), ("9007199254740993", "9007199254740993"),
        ("9223372036854775808", "9223372036854775808"), ("18446744073709551615", "18446744073709551615"),
        ("-12345678901234567890", "-12345678901234567890"), ("100000000000000000000", "100000000000000000000"),
        ("100000000000000000000000", "1e+23"), ("12345678901234567890.5", "12345678901234567000"),
        ("3.141592653589793238462643", "3.141592653589793"),
    ])
    func `a number has one canonical text`(text: String, canonical: String) throws {
        let number = try #require(JSONNumber(text))
        #expect(number.text == canonical)
        #expect(JSONNumber(canonical) == number, "canonical text must read back as the same number")
    }

    @Test(arguments: [
        "", "-", "+1", "01", "-01", "00", ".5", "1.", "1.e1", "1e", "1e+", "1e-", "0x1", "1 ", " 1", "1a", "--1", "NaN",
        "Infinity", "1e400", "-1e400", "1.0e309", "1,0", "1_0", "\u{661}",
    ])
    func `what is no JSON number or out of range is refused`(text: String) {
        #expect(JSONNumber(text) == nil)
    }

    @Test func `an integer of hundreds of digits keeps them all`() throws {
        for text in [String(repeating: "7", count: 400), "-1" + String(repeating: "0", count: 400)] {
            let number = try #require(JSONNumber(text))
            #expect(number.text == text)
            #expect(number.isInteger && number.intValue == nil && number.doubleValue.isInfinite)
        }
    }

    @Test func `numbers written differently are equal and hash alike`() throws {
        let forms = ["1000", "1e3", "1000.0", "0.1e4", "1000000e-3"].compactMap(JSONNumber.init)
        #expect(forms.count == 5 && Set(forms).count == 1)
        #expect(JSONNumber(1e23) == JSONNumber("100000000000000000000000"))
        #expect(JSONNumber("12345678901234567890") != JSONNumber(12345678901234567890.0))
        #expect(JSONNumber(-0.0) == JSONNumber(0))
    }

    @Test func `int and double views keep to what fits`() throws {
        #expect(JSONNumber(1.5).intValue == nil)
        #expect(JSONNumber(3.0).intValue == 3)
        #expect(JSONNumber(Int.max).intValue == .max)
        #expect(JSONNumber(Int.max).doubleValue == 0x1p63)
        #expect(JSONNumber(0x1p63).intValue == nil)
        #expect(JSONNumber(-0x1p63).intValue == .min)
        #expect(JSONNumber(finite: .nan) == nil && JSONNumber(finite: -.infinity) == nil)
        #expect(JSONNumber("18446744073709551615")?.doubleValue == 0x1p64)
    }

    @Test func `numbers sort by exact value`() {
        let ascending = [
            "-1" + String(repeating: "0", count: 400), "-1e300", "-18446744073709551617", "-18446744073709551616",
            "-9223372036854775808", "-2", "-1.5", "-1", "-1e-300", "0", "5e-324", "0.5", "1", "1.0000000000000002", "2",
            "9007199254740993", "9223372036854775807", "9223372036854775808", "12345678901234567000",
            "12345678901234567001", "18446744073709551615", "18446744073709551616", "1e300",
            "1" + String(repeating: "0", count: 400),
        ].compactMap(JSONNumber.init)
        #expect(ascending.count == 24)
        for (i, left) in ascending.enumerated() {
            for (j, right) in ascending.enumerated() {
                #expect((left < right) == (i < j), "\(left) < \(right)")
                #expect((left == right) == (i == j), "\(left) == \(right)")
            }
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `text and order agree with doubles for random doubles`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var last = JSONNumber(0)
        for _ in 0..<200 {
            let double = Double(bitPattern: random.next())
            guard let number = JSONNumber(finite: double) else { continue }
            #expect(Double(number.text) == double, "seed \(seed)")
            #expect(JSONNumber(number.text) == number, "seed \(seed)")
            #expect((last < number) == (last.doubleValue < double), "seed \(seed)")
            last = number
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `reading decimals agrees with the standard library`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let digits = Int.random(in: 1...20, using: &random)
            let fraction = (0..<digits).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
            let text =
                "\(Int.random(in: -999...999, using: &random)).\(fraction)e\(Int.random(in: -30...30, using: &random))"
            #expect(JSONNumber(text)?.doubleValue == Double(text), "seed \(seed): \(text)")
        }
    }
}
