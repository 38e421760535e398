import Foundation

extension ScreenChoices {
    /// What the file keeps; the standard where there is none, or none that can be read: choices are
    /// a comfort, never a reason not to start.
    public static func read(_ path: String) -> ScreenChoices {
        guard let data = FileManager.default.contents(atPath: path),
            let choices = try? JSONDecoder().decode(ScreenChoices.self, from: data)
        else { return ScreenChoices() }
        return choices
    }

    /// In place of what was there, whole or not at all.
    func write(to path: String) throws {
        let file = URL(filePath: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(self).write(to: file, options: .atomic)
    }
}
