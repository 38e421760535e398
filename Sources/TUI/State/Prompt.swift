import MarketModel

/// A line that a person types, at the bottom of the screen.
struct Prompt: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        case filter, command, jump
        /// Which commands the help shows.
        case help
        case note(episodeID: String)
    }

    var kind: Kind
    var text = ""
    /// What stands before the text.
    var mark: String {
        switch kind {
        case .filter, .help: "/"
        case .command: ":"
        case .jump: "`"
        case .note: "note: "
        }
    }
    /// Why the text cannot be taken as it is.
    var trouble: String?
    /// Where in the history the text is from; `nil` for a new one.
    var historyIndex: Int?
    /// What was typed before Tab, and which of its completions stands there now.
    var completing: (typed: String, index: Int)?

    static let lengthMax = 120

    init(_ kind: Kind, text: String = "") {
        self.kind = kind
        self.text = text
    }

    static func == (left: Prompt, right: Prompt) -> Bool {
        left.kind == right.kind && left.text == right.text && left.trouble == right.trouble
    }
}

/// One way a palette's line can go on.
struct Completion: Equatable, Sendable {
    /// The whole line with it.
    var line: String
    /// What it is, as the list shows it.
    var name: String
    var keys = ""
    var meaning: String
}

extension ScreenState {
    /// What the palette's text can become, the likeliest first.
    func completions(of text: String) -> [Completion] {
        let words = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard words.count == 2 else { return commandCompletions(String(words.first ?? "")) }
        guard let command = CommandTable.command(named: String(words[0])),
            let argument = command.argument
        else { return [] }
        let typed = words[1].lowercased()
        let choices = choices(argument)
        let near =
            choices.filter { $0.lowercased().hasPrefix(typed) }
            + choices.filter {
                !$0.lowercased().hasPrefix(typed) && $0.lowercased().contains(typed)
            }
        return near.map {
            Completion(line: "\(command.name) \($0)", name: $0, meaning: command.meaning)
        }
    }

    /// Commands whose name begins with the text, then those that contain it, then tickers.
    private func commandCompletions(_ text: String) -> [Completion] {
        let typed = text.lowercased().replacing("-", with: "_")
        let all = CommandTable.commands
        let found =
            all.filter { $0.name.hasPrefix(typed) }
            + all.filter { !$0.name.hasPrefix(typed) && $0.name.contains(typed) }
        let commands = found.map { command in
            Completion(
                line: command.name, name: command.name, keys: options.keyMap.label(command),
                meaning: command.meaning)
        }
        guard !text.isEmpty else { return commands }
        let tickers = knownTickers.filter {
            $0.description.uppercased().hasPrefix(text.uppercased())
        }
        let jumps = tickers.prefix(8).map {
            Completion(line: $0.description, name: $0.description, meaning: "to this ticker")
        }
        let isShouted = text == text.uppercased() && text != text.lowercased()
        return isShouted ? jumps + commands : commands + jumps
    }

    /// What may stand behind a command.
    func choices(_ argument: CommandArgument) -> [String] {
        switch argument {
        case .ticker:
            (options.controls.replay == nil ? [] : ["anomaly", "selected"])
                + knownTickers.map(\.description)
        case .speed: ScreenState.speeds.map(ScreenState.speedName)
        case .onOff: ["on", "off"]
        case .sortColumn: SortOrder.names
        case .filter: TickerFigure.allCases.map { "\($0.rawValue)>" }
        case .group: ["all"] + options.groups.map(\.name)
        case .layout: LayoutPreset.allCases.map(\.rawValue)
        case .interval: BarInterval.allCases.map(\.name)
        case .theme: themes.map(\.name)
        case .clock: ClockZone.allCases.map(\.rawValue)
        case .export:
            ExportFormat.allCases.map(\.rawValue) + PaneID.allCases.map { "\($0.name) csv" }
        case .note: []
        case .anomalyState: EpisodeFilter.State.allCases.map(\.rawValue)
        case .severity: Severity.allCases.map(\.name)
        case .anomalyKind: ["all"] + AnomalyKind.allCases.map(\.rawValue)
        case .chartStyle: ChartStyle.allCases.map(\.rawValue)
        case .indicator: ChartIndicator.allCases.map(\.rawValue)
        }
    }

    /// The configured tickers, then those that the log names.
    var knownTickers: [Symbol] {
        let configured = Set(options.tickers)
        return options.tickers
            + painted.tickers.map(\.symbol).filter { !configured.contains($0) }
    }
}
