import Engine
import MarketModel

/// The figures behind the panes. Names as in the API.
extension SnapshotExport {
    var csv: String { table.csv }
    var parquet: [UInt8] { table.parquet }

    var json: String {
        guard pane == nil else {
            return JSONText.object(head + [("rows", table.json)]) + "\n"
        }
        let counts = market.counts.map { tally in
            JSONText.object([
                ("source", JSONText.string(tally.source.name)),
                ("received", String(tally.counts.received)),
                ("applied", String(tally.counts.applied)),
                ("duplicate", String(tally.counts.duplicate)),
                ("late", String(tally.counts.late)),
                ("dead_lettered", String(tally.counts.deadLettered)),
                ("shed", String(tally.counts.shed)),
            ])
        }
        return JSONText.object(
            head + [
                ("tickers", tickers.json), ("counts", JSONText.list(counts)),
                ("episodes", episodes(state.episodes.readings).json),
                ("articles", news.json),
            ]) + "\n"
    }

    private var head: [(String, String)] {
        let taken = market.takenAt == .distantPast ? nil : market.takenAt.description
        let whole = [
            ("exported_at", JSONText.string(at.description)),
            ("taken_at", JSONText.string(taken)),
            ("position", JSONText.string(market.position.description)),
            ("feed", JSONText.string(state.status.label.rawValue)),
        ]
        return whole + (pane.map { [("pane", JSONText.string($0.name))] } ?? [])
    }

    private var market: MarketSnapshot { state.painted }

    private var table: ExportTable {
        switch pane {
        case .chart: bars
        case .features: features
        case .anomalies: episodes(state.visibleEpisodes)
        case .news: news
        case .pipeline: pipeline
        case .aggregates where state.drill != nil: tape
        case nil, .quotes, .aggregates, .market: tickers
        }
    }

    // MARK: - Tables

    private var tickers: ExportTable {
        let shown = state.drill.map { [$0] } ?? state.rows
        return ExportTable(
            columns: ["ticker"] + figures("A").map(\.name) + ["change_basis", "received_at"],
            rows: shown.map { symbol in
                let ticker = market.ticker(symbol)
                return [.text(symbol.description)] + figures(symbol).map(\.value) + [
                    .init(ticker?.figures.changeBasis?.rawValue),
                    .init(ticker?.receivedAt?.description),
                ]
            })
    }

    private func figures(_ symbol: Symbol) -> [(name: String, value: ExportTable.Cell)] {
        let ticker = market.ticker(symbol)
        let figures = ticker?.figures ?? RollingFigures()
        func price(_ price: Price?) -> ExportTable.Cell { .init(plain: price?.description) }
        func side(_ price: Price?) -> ExportTable.Cell {
            .init(plain: price.flatMap { $0.units == 0 ? nil : $0.description })
        }
        return [
            ("price", price(figures.price)), ("change", price(figures.change)),
            ("change_pct", .init(figures.changePercent)),
            ("bid", side(ticker?.quote?.bid)), ("ask", side(ticker?.quote?.ask)),
            ("volume_session", .init(plain: ticker.map { _ in figures.sessionVolume.description })),
            ("vwap_1min", price(figures.vwapOneMinute)),
            ("vwap_5min", price(figures.vwapFiveMinutes)),
            ("vwap_session", price(figures.vwapSession)),
            ("rolling_avg_5min", price(figures.rollingAverageFiveMinutes)),
            ("volume_zscore", .init(figures.volumeZScore)),
            ("price_momentum", .init(figures.priceMomentum)),
            ("trade_frequency", .init(figures.tradeFrequency)),
            ("bid_ask_spread", price(figures.spread)),
            ("bid_ask_spread_bps", .init(figures.spreadBasisPoints)),
            ("vwap_deviation", .init(figures.vwapDeviation)),
            ("velocity_5s", .init(figures.velocityFiveSeconds)),
        ]
    }

    private var bars: ExportTable {
        let series = state.series
        return ExportTable(
            columns: [
                "ticker", "interval", "start", "open", "high", "low", "close", "volume", "vwap",
                "trades", "final",
            ],
            rows: (series?.bars ?? []).map { bar in
                [
                    .text(bar.symbol.description), .text(bar.interval.name),
                    .text(bar.start.description), .init(plain: bar.open?.description),
                    .init(plain: bar.high?.description), .init(plain: bar.low?.description),
                    .init(plain: bar.close?.description), .plain(bar.volume.description),
                    .init(plain: bar.vwap?.description), .plain(String(bar.tradeCount)),
                    .plain(String(bar.isFinal)),
                ]
            })
    }

    private var features: ExportTable {
        let symbol = state.drill ?? state.selection
        guard let vector = symbol.flatMap({ market.ticker($0) })?.features else {
            return ExportTable(columns: ["ticker"], rows: [])
        }
        return ExportTable(
            columns: [
                "ticker", "updated_at", "price", "volume", "volume_zscore", "price_momentum",
                "vwap_deviation", "trade_frequency", "vwap_1min", "vwap_5min", "bid_ask_spread",
            ],
            rows: [
                [
                    .text(vector.symbol.description), .text(vector.updatedAt.description),
                    .init(plain: vector.price?.description), .plain(vector.size.description),
                    .init(vector.volumeZScore), .init(vector.priceMomentum),
                    .init(vector.vwapDeviation), .init(vector.tradeFrequency),
                    .init(plain: vector.vwapOneMinute?.description),
                    .init(plain: vector.vwapFiveMinutes?.description),
                    .init(plain: vector.spread?.description),
                ]
            ])
    }

    private func episodes(_ readings: [EpisodeReading]) -> ExportTable {
        ExportTable(
            columns: [
                "id", "kind", "ticker", "severity", "first_at", "last_at", "hits", "worst_score",
                "explanation", "open", "acknowledged_by", "acknowledged_at", "note",
            ],
            rows: readings.map { reading in
                let episode = reading.episode
                let acknowledgement = reading.acknowledgement
                return [
                    .text(episode.id), .text(episode.kind.rawValue),
                    .init(episode.symbol?.description), .text(episode.severity.name),
                    .text(episode.firstAt.description), .text(episode.lastAt.description),
                    .plain(String(episode.hits)), .init(episode.worstScore),
                    .text(episode.explanation), .plain(String(episode.isOpen)),
                    .init(acknowledgement?.by), .init(acknowledgement?.at.description),
                    .init(acknowledgement?.note),
                ]
            })
    }

    private var news: ExportTable {
        ExportTable(
            columns: [
                "id", "ticker", "published_at", "headline", "publisher", "url", "compound",
            ],
            rows: state.visibleArticles.map { scored in
                let article = scored.article
                return [
                    .text(article.articleID), .text(article.symbol.description),
                    .text(article.publishedAt.description), .text(article.headline),
                    .text(article.publisher), .text(article.url),
                    .init(scored.sentiment?.compound),
                ]
            })
    }

    private var tape: ExportTable {
        ExportTable(
            columns: ["ticker", "executed_at", "price", "size", "late"],
            rows: (state.tape?.trades ?? []).map { stored in
                [
                    .text(stored.trade.symbol.description),
                    .text(stored.trade.executedAt.description),
                    .plain(stored.trade.price.description), .plain(stored.trade.size.description),
                    .plain(String(stored.isLate)),
                ]
            })
    }

    private var pipeline: ExportTable {
        ExportTable(
            columns: ["what", "value", "state"],
            rows: PipelineFigures(state: state, now: at).lines.map {
                [.text($0.label.text), .text($0.text.text), .text($0.word.text)]
            })
    }
}
