import Foundation
import MarketModel

/// What is to be done about an answer to a request for news.
enum NewsVerdict: Equatable {
    case answered
    /// Too many requests: again after so long, when the provider says how long.
    case limited(retryAfter: Duration?)
    /// The key is none, or none any more: nothing will be answered.
    case keyRefused(reason: String)
    /// Nothing about this ticker will be answered under this plan.
    case notEntitled(reason: String)
    /// Passing trouble.
    case failed(reason: String)

    /// Longer than this is not waited for, whatever a header says.
    static let retryAfterMax = Duration.seconds(3600)

    /// `header` gives a header's first value.
    init(status: Int, body: [UInt8], now: Timestamp, header: (String) -> String?) {
        switch status {
        case 200:
            let type = header("Content-Type")?.lowercased() ?? "application/json"
            self =
                type.contains("html")
                ? .failed(reason: "the provider answered with a page instead of data") : .answered
        case 401: self = .keyRefused(reason: NewsVerdict.reason(status, body))
        case 403: self = .notEntitled(reason: NewsVerdict.reason(status, body))
        case 429:
            let reason = NewsVerdict.reason(status, body)
            // Finnhub says so of a missing key, too.
            let asksToSignUp = reason.lowercased().contains("sign up")
            self =
                asksToSignUp
                ? .keyRefused(reason: reason)
                : .limited(retryAfter: NewsVerdict.patience(now: now, header: header))
        default: self = .failed(reason: NewsVerdict.reason(status, body))
        }
    }

    /// From `Retry-After`, in seconds or as a date, else from Finnhub's `X-Ratelimit-Reset`.
    private static func patience(now: Timestamp, header: (String) -> String?) -> Duration? {
        let text = header("Retry-After") ?? ""
        if let seconds = Double(text), seconds >= 0, seconds.isFinite {
            return min(retryAfterMax, .milliseconds(Int64(min(seconds, 1e9) * 1000)))
        }
        let moment =
            NewsVerdict.date(text)
            ?? header("X-Ratelimit-Reset").flatMap { Int64($0) }.map { Timestamp(seconds: $0) }
        return moment.map { min(retryAfterMax, max(.zero, $0.duration(since: now))) }
    }

    /// `Fri, 02 Jan 2026 14:30:00 GMT`
    private static func date(_ text: String) -> Timestamp? {
        let parts = text.split { $0 == " " || $0 == ":" || $0 == "," }
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        guard parts.count == 8, parts[7] == "GMT", let day = Int(parts[1]),
            let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]),
            let date = CivilDate(year: year, month: month + 1, day: day),
            let hour = Int64(parts[4]),
            let minute = Int64(parts[5]), let second = Int64(parts[6])
        else { return nil }
        return Timestamp(seconds: date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second)
    }

    /// The provider's own words, or the number.
    private static func reason(_ status: Int, _ body: [UInt8]) -> String {
        struct Refusal: Decodable {
            var error: String?
            var message: String?
        }
        let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(body))
        let words = refusal?.error ?? refusal?.message ?? ""
        let shown = words.isEmpty ? "" : ": \(words.prefix(200))"
        return "the provider answered \(status)\(shown)"
    }
}
