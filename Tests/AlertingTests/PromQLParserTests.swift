import Telemetry
import Testing

@testable import Alerting

@Suite struct PromQLParserTests {
    private static func error(_ text: String) -> String {
        do throws(RuleError) {
            _ = try PromQLExpression(text)
            return "none"
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        ("", "1:1: found the end where an expression belongs"),
        ("sum(", "1:5: found the end where an expression belongs"),
        ("a +", "1:4: found the end where an expression belongs"),
        ("a b", "1:3: found \"b\" where an operator or the end belongs"),
        ("a{x=1}", "1:5: found number 1 where a string belongs"),
        ("a{x==\"1\"}", "1:4: found \"==\" where one of = != =~ !~ belongs"),
        ("a{x=\"1\" y=\"2\"}", "1:9: found \"y\" where \",\" or \"}\" belongs"),
        ("a{x=\"1", "1:5: a string has no closing quote"),
        ("rate(a)", "1:6: an argument of rate must be a range vector, found an instant vector"),
        ("rate(a[5m], 1)", "1:1: rate takes 1 argument, found 2"),
        ("a[5x]", "1:3: \"5x\" is no number"),
        ("a[5m1h]", "1:3: \"5m1h\" is no duration"),
        ("a[0s]", "1:3: \"0\" is no duration"),
        ("a[5m:1m]", "none"), ("a[5m:]", "none"), ("a[5m:0s]", "1:6: \"0\" is no duration"),
        ("a[5m][5m:1m]", "1:6: the expression of a sub-query must be an instant vector, found a range vector"),
        ("a @ 5", "none"), ("a @ start() offset -5m", "none"),
        ("a @ b", "1:5: found \"b\" where a time in seconds, start() or end() belongs"),
        ("a @ Inf", "1:5: \"number +Inf\" is no number"),
        ("a @ 1 @ 2", "1:7: @ belongs once, directly behind a selector or a sub-query"),
        ("histogram_sum(a)", "1:1: \"histogram_sum\" is not evaluated by csvand"),
        ("mad_over_time(a[5m])", "1:1: \"mad_over_time\" is not evaluated by csvand"),
        ("quantile(\"x\", a)", "1:10: the first argument of quantile must be a scalar, found a string"),
        ("count_values(\"a-b\", a)", "1:14: \"a-b\" is no label name"),
        ("label_replace(a, \"x\", \"y\", \"z\", \"(\")", "1:33: regular expression \"(\": a parenthesis is not closed"),
        ("label_replace(a, \"x y\", \"y\", \"z\", \"w\")", "1:18: \"x y\" is no label name"),
        ("label_join(a, \"x\")", "1:1: label_join takes at least 3 arguments, found 2"),
        ("incrase(a[5m])", "1:1: there is no function \"incrase\"; did you mean \"increase\"?"),
        ("frobnicate(a)", "1:1: there is no function \"frobnicate\""),
        ("1 > 2", "1:3: a comparison between scalars needs bool"),
        ("a and 1", "1:3: an operand of and must be an instant vector, found a scalar"),
        ("a + bool b", "1:5: bool belongs to a comparison"),
        ("a + on (x) 1", "1:3: on and ignoring belong between instant vectors"),
        ("a and on (x) group_left b", "1:14: and takes no group_left or group_right"),
        ("a + on (x) group_left (x) b", "1:3: label x stands in on and in the group modifier"),
        ("a + b[5m]", "1:3: an operand of + must be a scalar or an instant vector, found a range vector"),
        ("{}", "1:1: a selector needs a metric name or a matcher that does not match the empty text"),
        ("{x=~\".*\"}", "1:1: a selector needs a metric name or a matcher that does not match the empty text"),
        ("a{__name__=\"b\"}", "1:3: the metric name is set twice"),
        ("a{x=~\"(\"}", "1:6: regular expression \"(\": a parenthesis is not closed"),
        (
            "a{x=~\"(?=b)\"}",
            "1:6: regular expression \"(?=b)\": of groups that begin with (? only (?:, (?P<name> and those with the flags i and s are known"
        ),
        ("sum(a) by (x) by (y)", "1:15: found \"by\" where an operator or the end belongs"),
        ("topk(a)", "1:1: topk takes 2 arguments, found 1"),
        ("sum(1)", "1:5: the argument of sum must be an instant vector, found a scalar"),
        ("(a) offset 5m", "none"),
        ("sum(a) offset 5m", "1:8: offset belongs once, directly behind a selector or a sub-query"),
        ("a\n  + $", "2:5: found \"$\" where an expression belongs"),
        ("a atan2 b", "none"),
    ])
    func faultsAreNamedWithTheirPlace(_ text: String, _ message: String) {
        #expect(Self.error(text) == message)
    }

    @Test func deepAndLongExpressionsAreRefusedRatherThanOverflowing() {
        #expect(Self.error(String(repeating: "(", count: 5_000)) == "1:251: the expression has more than 250 parts")
        #expect(
            Self.error(String(repeating: "-", count: 5_000) + "1") == "1:251: the expression has more than 250 parts")
        #expect(
            Self.error(Array(repeating: "1", count: 3_000).joined(separator: "+")).hasSuffix("has more than 250 parts"))
        #expect(Self.error(String(repeating: "abs(", count: 400)).hasSuffix("more than 250 parts"))
        #expect(Self.error(String(repeating: "a", count: 20_000)) == "1:1: the expression has more than 16384 parts")
    }

    @Test func noTextMakesTheParserTrap() {
        var generator = SystemRandomNumberGenerator()
        let pieces = [
            "a", "sum", "(", ")", "{", "}", "[", "]", "5m", "1", "\"x\"", ",", "by", "on", "offset", "-", "^", "=~",
            "==", "bool",
            "rate", "group_left", "'", "\\", "\u{0}", "é", "1e", "0x", ".", "and", ":", "@", "#", "\n", " ",
        ]
        for _ in 0..<3_000 {
            let text = (0..<Int.random(in: 0..<14, using: &generator)).map { _ in
                pieces.randomElement(using: &generator) ?? ""
            }.joined()
            _ = Self.error(text)
        }
    }

    @Test(arguments: [
        (1.0, "1"), (0.1, "0.1"), (1e21, "1e+21"), (1e20, "100000000000000000000"), (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (1.5e300, "1.5e+300"), (-2.25, "-2.25"), (123456.789, "123456.789"), (5e-300, "5e-300"), (0, "0"),
        (1e16, "10000000000000000"),
    ])
    func numbersAreWrittenAsGoWritesThem(_ value: Double, _ text: String) {
        #expect(PromQLNumber.text(value) == text)
    }

    @Test func durationsAreReadAndWritten() {
        #expect(PromQLDuration.milliseconds("1h30m") == 5_400_000)
        #expect(PromQLDuration.milliseconds("1m5ms") == 60_005)
        #expect(PromQLDuration.milliseconds("2w") == 1_209_600_000)
        for bad in ["", "5", "m", "5m5m", "1s1m", "99999999999y", "1.5h", "-5m"] {
            #expect(PromQLDuration.milliseconds(bad) == nil, "\(bad)")
        }
        #expect(PromQLDuration.text(5_400_000) == "1h30m")
        #expect(PromQLDuration.text(0) == "0s")
    }
}
