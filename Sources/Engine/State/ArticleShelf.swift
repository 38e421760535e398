import MarketModel

/// The newest articles, and what is remembered to refuse one that comes twice.
struct ArticleShelf {
    static let keptMax = 100
    static let rememberedMax = 4096

    /// Oldest first.
    private(set) var kept: [ScoredArticle] = []
    /// Hashes of (source, article id, ticker), oldest first, in a ring.
    private var remembered: [UInt64] = []
    private var next = 0

    /// True when the article is new; it is remembered then.
    mutating func remember(_ article: NewsArticle, source: FeedSource) -> Bool {
        let identity = ArticleShelf.identity(article, source: source)
        guard !remembered.contains(identity) else { return false }
        if remembered.count < ArticleShelf.rememberedMax {
            remembered.append(identity)
        } else {
            remembered[next] = identity
            next = (next + 1) % ArticleShelf.rememberedMax
        }
        return true
    }

    mutating func keep(_ article: ScoredArticle) {
        if kept.count == ArticleShelf.keptMax { kept.removeFirst() }
        kept.append(article)
    }

    /// Puts what has become of an article in its place, when it is still kept.
    mutating func replace(_ article: ScoredArticle) {
        guard let place = kept.lastIndex(where: { $0.position == article.position }) else { return }
        kept[place] = article
    }

    /// FNV-1a over 64 bits, the same in every run.
    private static func identity(_ article: NewsArticle, source: FeedSource) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        mix(source.rawValue)
        for byte in article.symbol.description.utf8 { mix(byte) }
        mix(0)
        for byte in article.articleID.utf8 { mix(byte) }
        return hash
    }
}

extension ArticleShelf {
    func encode(into writer: inout StateWriter) {
        writer.write(Int64(kept.count))
        for article in kept { article.encode(into: &writer) }
        writer.write(Int64(remembered.count))
        for identity in remembered { writer.write(identity) }
        writer.write(Int64(next))
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        for _ in 0..<(try reader.readCount("articles")) {
            kept.append(try ScoredArticle(from: &reader))
        }
        for _ in 0..<(try reader.readCount("remembered articles")) {
            remembered.append(try reader.read())
        }
        let place: Int64 = try reader.read()
        guard (0..<Int64(ArticleShelf.rememberedMax)).contains(place) else {
            throw StateCodecError.malformed(field: "article ring", byteOffset: reader.offset)
        }
        next = Int(place)
    }
}
