import GRDB

/// An exact 128-bit integer in a column: an INTEGER while it fits in 64 bits, else decimal TEXT.
///
/// The column has to be declared `ANY`, or SQLite would turn long text into a rounded REAL.
struct WideInteger: DatabaseValueConvertible, Equatable {
    let value: Int128

    var databaseValue: DatabaseValue {
        Int64(exactly: value)?.databaseValue ?? String(value).databaseValue
    }

    static func fromDatabaseValue(_ stored: DatabaseValue) -> WideInteger? {
        switch stored.storage {
        case .int64(let value): WideInteger(value: Int128(value))
        case .string(let text): Int128(text).map(WideInteger.init)
        default: nil
        }
    }
}
