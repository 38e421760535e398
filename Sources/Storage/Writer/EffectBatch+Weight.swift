import MarketModel

extension EffectBatch {
    /// Events, or rows where there are more: what the queue's bounds count. At least 1.
    var weight: Int {
        let rows =
            trades.count + quotes.count + bars.count + features.count + episodes.count
            + articles.count + deadLetters.count + signals.count + retries.count
            + listings.count + earnings.count
        return max(1, eventCount, rows)
    }

    /// About what the batch holds in memory.
    var byteCount: Int {
        let flat =
            trades.count * MemoryLayout<StoredTrade>.stride
            + quotes.count * MemoryLayout<StoredQuote>.stride
            + bars.count * MemoryLayout<Bar>.stride
            + features.count * MemoryLayout<FeatureVector>.stride
            + signals.count * MemoryLayout<IndicatorSignal>.stride
        let articleBytes = articles.reduce(0) {
            $0 + 512 + $1.article.headline.utf8.count + $1.article.summary.utf8.count
        }
        let letterBytes = deadLetters.reduce(0) { $0 + 256 + $1.raw.count }
        return flat + articleBytes + letterBytes + episodes.count * 1024
            + (gaps.count + retries.count + listings.count + earnings.count) * 256
    }
}
