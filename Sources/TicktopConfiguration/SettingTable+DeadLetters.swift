extension SettingTable {
    static let deadLetters = [
        SettingKey(
            "dead_letters", "attempts", .integer(1...100), .integer(3),
            "Attempts in a row; the refusal itself is the first."),
        SettingKey(
            "dead_letters", "attempt_seconds", .number(0...3600), .number(1), "Between these."),
        SettingKey(
            "dead_letters", "retry_minutes", .number(0...525_600), .number(15),
            "Between later retries; 0: nothing is taken up again or archived by itself."),
        SettingKey(
            "dead_letters", "retries", .integer(0...1000), .integer(5),
            "Later retries, before a letter goes to the archive."),
    ]
}
