/// A column of an exported table.
public struct ExportColumn: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case text
        case boolean
        case integer
        /// A statistic.
        case double
        /// An exact decimal with so many places.
        case decimal(places: Int)
        /// A moment in UTC, to the nanosecond.
        case timestamp
    }

    public var name: String
    public var kind: Kind

    public init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// A value of a row; anything may be missing. Of the column's kind.
public enum ExportValue: Equatable, Sendable {
    case missing
    case text(String)
    case boolean(Bool)
    case integer(Int64)
    /// What is no number is missing where the format has none.
    case double(Double)
    /// In units of the column's last place.
    case decimal(Int128)
    /// Unix nanoseconds.
    case timestamp(Int64)
}

/// The forms a table can be written in.
public enum TableFormat: String, CaseIterable, Sendable {
    case csv, json, ndjson, parquet
}

public enum ExportError: Error, Equatable {
    /// A row that does not fit its columns.
    case wrongRow(values: Int, columns: Int)
    case wrongKind(column: String)
    /// More than one page of Parquet holds.
    case tooLarge(column: String)
    case compression(status: UInt32)
}
