/// What the port says of itself: the OpenAPI document, and a page that shows it.
struct DocumentationResources: Sendable {
    private let document: String

    /// `routes` are all others of the port.
    init(describing routes: [Route]) {
        let own = DocumentationResources.routes(document: "")
        document = String(decoding: OpenAPI(routes: routes + own).json.bytes, as: UTF8.self)
    }

    var routes: [Route] { DocumentationResources.routes(document: document) }

    private static func routes(document: String) -> [Route] {
        let page = Route.get(
            "/docs", "This description as a page that works offline.",
            answer: .text(contentType: DocumentationPage.contentType), cacheSeconds: 60,
            isPublic: true,
            { (_) throws(Problem) in
                var reply = Reply(
                    text: DocumentationPage.html, contentType: DocumentationPage.contentType)
                reply.headers = DocumentationPage.headers
                return reply
            })
        return [
            .get(
                "/openapi.json", "This description, OpenAPI 3.1.",
                answer: .json(.foreign), cacheSeconds: 60, isPublic: true,
                { (_) throws(Problem) in
                    Reply(text: document, contentType: "application/json")
                })
        ] + page.and("/redoc")
    }
}
