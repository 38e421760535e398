import Foundation

/// What a problem document says to a person.
enum ProblemDetail {
    private struct Document: Decodable {
        var detail: String
    }

    /// `nil` for a body that is no problem document.
    static func text(_ body: [UInt8]) -> String? {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(body)) else {
            return nil
        }
        return String(document.detail.prefix(200))
    }
}
