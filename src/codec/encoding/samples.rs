//! Sample text for tests of character boundaries.

use super::Encoding;

/// Text with as few bytes below 0x80 as the encoding allows, for each multi-byte encoding that does not resynchronise and for the
/// others.
pub(crate) const TEXTS: [(Encoding, &str); 9] = [
    (Encoding::GBK, "中国温度传感器数据"),
    (Encoding::GB18030, "中国𠀀温度é传感器"),
    (Encoding::BIG5, "中國溫度一"),
    (Encoding::SHIFT_JIS, "温度計日本ｱ語"),
    (Encoding::EUC_JP, "温度計日本ｱ語"),
    (Encoding::EUC_KR, "온도계한국어"),
    (Encoding::UTF_8, "中国𠀀é"),
    (Encoding::UTF_16LE, "中国𠀀温度"),
    (Encoding::UTF_16BE, "中国𠀀温度"),
];

/// Text in which no byte determines where characters start, for each encoding in which this is possible.
pub(crate) const BORDERLESS: [(Encoding, &str); 6] = [
    (Encoding::GBK, "中国温度传感器数据"),
    (Encoding::GB18030, "中国𠀀温度é传感器"),
    (Encoding::BIG5, "中國溫度"),
    (Encoding::SHIFT_JIS, "日語"),
    (Encoding::EUC_JP, "温度計日本ｱ語"),
    (Encoding::EUC_KR, "온도계한국어"),
];

/// Repeats a text up to about `bytes` bytes.
pub(crate) fn repeated((encoding, text): (Encoding, &str), bytes: usize) -> Vec<u8> {
    let once = encoding.encode(text).expect("bytes");
    once.repeat(bytes.div_ceil(once.len()))
}

#[test]
fn no_byte_of_the_borderless_texts_is_a_border() {
    for sample in BORDERLESS {
        let bytes = repeated(sample, 100);
        assert_eq!(sample.0.resync(&bytes, 1 << 20), None, "{}", sample.0.name());
    }
}
