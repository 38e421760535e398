import Foundation

/// Texts on their way to the clipboard of the terminal, which may be on another machine: OSC 52.
enum Clipboard {
    /// Terminals drop longer ones.
    static let bytesMax = 74_994

    /// What a terminal takes for it; `nil` for a text that is too long.
    ///
    /// Inside tmux the text goes to tmux, and wrapped past it, so that it arrives whichever of the
    /// two tmux is set to allow.
    static func sequence(_ text: String, isInsideTmux: Bool) -> String? {
        let encoded = Data(text.utf8).base64EncodedString()
        guard encoded.utf8.count <= bytesMax else { return nil }
        let plain = "\u{1B}]52;c;\(encoded)\u{7}"
        guard isInsideTmux else { return plain }
        return plain + "\u{1B}Ptmux;\u{1B}\(plain)\u{1B}\\"
    }
}
