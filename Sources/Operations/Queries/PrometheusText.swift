import Alerting
import Telemetry

/// Writes answers as Prometheus does: bytes straight away, since a range has many numbers.
struct PrometheusText {
    private(set) var bytes: [UInt8] = []

    static func success(_ write: (inout PrometheusText) -> Void) -> [UInt8] {
        var text = PrometheusText()
        text.raw(#"{"status":"success","data":"#)
        write(&text)
        text.raw("}")
        return text.bytes
    }

    static func failure(_ fault: PrometheusFault) -> [UInt8] {
        var text = PrometheusText()
        text.raw(#"{"status":"error","errorType":"#)
        text.string(fault.kind.rawValue)
        text.raw(#","error":"#)
        text.string(fault.text)
        text.raw("}")
        return text.bytes
    }

    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func string(_ text: String) {
        raw("\"")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): raw("\\\"")
            case UInt8(ascii: "\\"): raw("\\\\")
            case 0..<32:
                let digits = String(byte, radix: 16)
                raw("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            default: bytes.append(byte)
            }
        }
        raw("\"")
    }

    mutating func list<T>(_ items: some Sequence<T>, _ write: (inout PrometheusText, T) -> Void) {
        raw("[")
        var isFirst = true
        for item in items {
            if !isFirst { raw(",") }
            isFirst = false
            write(&self, item)
        }
        raw("]")
    }

    mutating func labels(_ labels: LabelSet) {
        raw("{")
        for (index, label) in labels.labels.enumerated() {
            if index > 0 { raw(",") }
            string(label.name)
            raw(":")
            string(label.value)
        }
        raw("}")
    }

    /// `[seconds,"value"]`.
    mutating func sample(_ time: Int64, _ value: String) {
        raw("[")
        seconds(time)
        raw(",")
        string(value)
        raw("]")
    }

    private mutating func seconds(_ milliseconds: Int64) {
        raw(milliseconds < 0 ? "-" : "")
        let magnitude = milliseconds.magnitude
        raw(String(magnitude / 1_000))
        let rest = magnitude % 1_000
        if rest == 0 { return }
        let digits = String(rest)
        raw("." + String(repeating: "0", count: 3 - digits.count) + digits)
    }

    mutating func result(_ value: PromQLValue, at time: Int64) {
        switch value {
        case .scalar(let number):
            raw(#"{"resultType":"scalar","result":"#)
            sample(time, PromQLNumber.sampleText(number))
        case .string(let text):
            raw(#"{"resultType":"string","result":"#)
            sample(time, text)
        case .vector(let samples):
            raw(#"{"resultType":"vector","result":"#)
            list(samples) { text, sample in
                text.raw(#"{"metric":"#)
                text.labels(sample.labels)
                text.raw(#","value":"#)
                text.sample(time, PromQLNumber.sampleText(sample.value))
                text.raw("}")
            }
        case .matrix(let series):
            raw(#"{"resultType":"matrix","result":"#)
            list(series.sorted { $0.labels < $1.labels }) { text, one in
                text.raw(#"{"metric":"#)
                text.labels(one.labels)
                text.raw(#","values":"#)
                text.list(one.points) { $0.sample($1.time, PromQLNumber.sampleText($1.value)) }
                text.raw("}")
            }
        }
        raw("}")
    }
}
