import MarketModel

/// Panes of the last picture that change seldom: as long as nothing has changed that they are made
/// of, they are copied instead of drawn. All of one look, which is kept as well.
struct KeptPanes {
    /// All that such a pane is made of.
    private struct Inputs: Equatable {
        var rect: Rect
        /// Of the list it shows.
        var version: Int
        var isFocused: Bool
        var drill: Symbol?
        var zone: ClockZone
        /// Today's times are shown without their day.
        var day: String
        var cursor: String?
        var filter: EpisodeFilter?
    }

    private var panes: [PaneID: (inputs: Inputs, cells: [Cell])] = [:]
    private var header: (inputs: Header.Inputs, cells: [Cell])?
    private var look: (theme: String, version: Int, look: Look)?

    /// The state's theme as its terminal shows it: worked out anew when it is another.
    mutating func look(of state: ScreenState) -> Look {
        if let look, look.theme == state.theme.name, look.version == state.themesVersion {
            return look.look
        }
        let new = Look(
            theme: state.theme, capabilities: state.options.capabilities,
            upDown: state.options.upDown)
        look = (state.theme.name, state.themesVersion, new)
        panes = [:]
        header = nil
        return new
    }

    mutating func drawHeader(_ scene: Scene, on grid: inout CellGrid) {
        let rect = Rect(x: 0, y: 0, width: grid.width, height: 1)
        let inputs = Header.Inputs(scene, width: grid.width)
        if let header, header.inputs == inputs {
            grid.replace(rect, with: header.cells)
            return
        }
        Header(scene: scene).draw(on: &grid)
        header = (inputs, grid.cells(of: rect))
    }

    mutating func draw(_ pane: PaneID, in rect: Rect, _ scene: Scene, on grid: inout CellGrid) {
        guard let inputs = inputs(pane, rect, scene) else {
            grid.inside(rect) { scene.draw(pane, on: &$0) }
            return
        }
        if let known = panes[pane], known.inputs == inputs {
            grid.replace(rect, with: known.cells)
            return
        }
        grid.inside(rect) { scene.draw(pane, on: &$0) }
        panes[pane] = (inputs, grid.cells(of: rect))
    }

    /// `nil` for a pane whose figures move all the time.
    private func inputs(_ pane: PaneID, _ rect: Rect, _ scene: Scene) -> Inputs? {
        let state = scene.state
        guard pane == .anomalies || pane == .news else { return nil }
        var inputs = Inputs(
            rect: rect, version: state.episodes.version, isFocused: state.focus == pane,
            drill: state.drill, zone: scene.clock.zone, day: scene.clock.day(scene.time))
        if pane == .anomalies {
            inputs.cursor = state.episodeCursor
            inputs.filter = state.choices.episodeFilter
        } else {
            inputs.version = state.articlesVersion
            inputs.cursor = String(state.scrolls[.news] ?? 0)
        }
        return inputs
    }
}
