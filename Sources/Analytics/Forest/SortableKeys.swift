/// Six numbers as unsigned integers in the same order as the numbers, for one comparison a node.
///
/// The lowest three bits of a node's threshold hold the number of its feature: thresholds are that
/// much coarser, and a node is one word.
typealias SortableKeys = SIMD8<UInt32>

enum SortableKey {
    static let featureMask: UInt32 = 7
    private static let signBit: UInt32 = 0x8000_0000

    @inline(__always)
    static func keys(_ values: SIMD8<Float>) -> SortableKeys {
        // Adding 0 makes -0 into 0.
        let bits = unsafeBitCast(values + SIMD8<Float>(repeating: 0), to: SIMD8<Int32>.self)
        let flips = SIMD8<UInt32>(truncatingIfNeeded: bits &>> SIMD8<Int32>(repeating: 31))
        return SIMD8<UInt32>(truncatingIfNeeded: bits)
            ^ (flips | SIMD8<UInt32>(repeating: signBit))
    }

    @inline(__always)
    static func key(_ value: Float) -> UInt32 {
        let bits = (value + 0).bitPattern
        return bits & signBit == 0 ? bits | signBit : ~bits
    }

    @inline(__always)
    static func value(_ key: UInt32) -> Float {
        Float(bitPattern: key & signBit == 0 ? ~key : key & ~signBit)
    }

    /// A threshold of the feature with `smallest <= threshold < largest`, as near to `wanted` as
    /// three bits less allow; `nil` when none lies between them.
    @inline(__always)
    static func threshold(
        near wanted: UInt32, of feature: Int, smallest: UInt32, largest: UInt32
    ) -> UInt32? {
        var key = (wanted & ~featureMask) | UInt32(truncatingIfNeeded: feature)
        if key < smallest { key &+= 8 }
        if key >= largest { key &-= 8 }
        return key >= smallest && key < largest ? key : nil
    }
}
