//! The table of encodings: names, aliases and decoding method. To add an encoding, add a row.

use encoding_rs as rs;

/// Structure of an encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// RFC 3629.
    Utf8,
    /// RFC 2781, low byte first.
    Utf16Le,
    /// RFC 2781, high byte first.
    Utf16Be,
    /// ISO/IEC 8859-1 with C0 and C1 controls: byte = code point.
    Latin1,
    /// ASCII: bytes from 0x80 on are invalid.
    Ascii,
    /// One byte per character, by a WHATWG index.
    Single(&'static rs::Encoding),
    /// GBK and GB18030: one, two or four bytes (both share the WHATWG decoder).
    Gb(&'static rs::Encoding),
    /// One or two bytes, leads 0x81–0xFE; some pairs are two characters.
    Big5,
    /// One or two bytes, leads 0x81–0xFE.
    EucKr,
    /// One or two bytes, leads 0x81–0x9F and 0xE0–0xFC.
    ShiftJis,
    /// One, two or (lead 0x8F) three bytes.
    EucJp,
}

impl Kind {
    /// The WHATWG encoding used; `None` for those implemented here.
    pub(super) fn rs(self) -> Option<&'static rs::Encoding> {
        match self {
            Self::Utf8 => Some(rs::UTF_8),
            Self::Utf16Le | Self::Utf16Be | Self::Latin1 | Self::Ascii => None,
            Self::Single(encoding) | Self::Gb(encoding) => Some(encoding),
            Self::Big5 => Some(rs::BIG5),
            Self::EucKr => Some(rs::EUC_KR),
            Self::ShiftJis => Some(rs::SHIFT_JIS),
            Self::EucJp => Some(rs::EUC_JP),
        }
    }

    /// Whether bytes below 0x80 are ASCII characters when no sequence is incomplete.
    pub(super) fn is_ascii_compatible(self) -> bool {
        !matches!(self, Self::Utf16Le | Self::Utf16Be)
    }

    /// Length of the valid sequence that starts with `bytes` (not empty).
    pub(super) fn sequence_len(self, bytes: &[u8]) -> usize {
        let lead = bytes.first().copied().unwrap_or(0);
        match self {
            Self::Latin1 | Self::Ascii | Self::Single(_) => 1,
            Self::Utf16Le | Self::Utf16Be => 2,
            Self::Utf8 => match lead {
                0..0x80 => 1,
                0x80..0xE0 => 2,
                0xE0..0xF0 => 3,
                _ => 4,
            },
            Self::Gb(_) => match (lead, bytes.get(1)) {
                (0..=0x80, _) => 1,
                (_, Some(0x30..=0x39)) => 4,
                _ => 2,
            },
            Self::Big5 | Self::EucKr => 1 + usize::from(lead >= 0x80),
            Self::ShiftJis => 1 + usize::from(matches!(lead, 0x81..=0x9F | 0xE0..)),
            Self::EucJp => match lead {
                0..0x80 => 1,
                0x8F => 3,
                _ => 2,
            },
        }
    }

    /// Whether the byte ends every sequence, whatever came before it (multi-byte encodings without self-synchronisation): it is
    /// neither a lead byte nor, in GB18030, the second byte of four. The tests of `resync` verify this for all decoder states.
    pub(super) fn ends_every_sequence(self, byte: u8) -> bool {
        match self {
            Self::Latin1 | Self::Ascii | Self::Single(_) => true,
            Self::Utf8 => byte < 0x80,
            Self::Utf16Le | Self::Utf16Be => false,
            Self::Gb(_) => !matches!(byte, 0x30..=0x39 | 0x81..=0xFE),
            Self::Big5 | Self::EucKr => !matches!(byte, 0x81..=0xFE),
            Self::ShiftJis => !matches!(byte, 0x81..=0x9F | 0xE0..=0xFC),
            Self::EucJp => !matches!(byte, 0x8E | 0x8F | 0xA1..=0xFE),
        }
    }
}

/// A row of the table.
pub(super) struct Row {
    /// Stable name.
    pub name: &'static str,
    /// Name in menus.
    pub label: &'static str,
    /// Structure.
    pub kind: Kind,
    /// Alternative names: lower case, without `-`, `_` and spaces.
    pub aliases: &'static [&'static str],
}

const fn entry(name: &'static str, kind: Kind, aliases: &'static [&'static str]) -> Row {
    Row { name, label: name, kind, aliases }
}

/// All encodings in menu order; an [`super::Encoding`] is an index into it.
pub(super) static TABLE: [Row; 28] = [
    entry("UTF-8", Kind::Utf8, &["cp65001", "unicode11utf8"]),
    entry("GBK", Kind::Gb(rs::GBK), &["gb2312", "cp936", "ms936", "windows936", "euccn", "xgbk"]),
    entry("GB18030", Kind::Gb(rs::GB18030), &["cp54936", "gb180302022", "gb180302005"]),
    entry("Big5", Kind::Big5, &["cp950", "windows950", "big5hkscs", "big5eten", "xxbig5"]),
    entry("Shift_JIS", Kind::ShiftJis, &["sjis", "cp932", "ms932", "windows31j", "mskanji", "xsjis"]),
    entry("EUC-JP", Kind::EucJp, &["ujis", "xeucjp", "cp51932"]),
    entry("EUC-KR", Kind::EucKr, &["cp949", "ms949", "windows949", "uhc", "korean", "ksc56011987", "ksc5601"]),
    entry("UTF-16LE", Kind::Utf16Le, &["utf16", "ucs2", "ucs2le", "cp1200", "unicode"]),
    entry("UTF-16BE", Kind::Utf16Be, &["ucs2be", "cp1201", "unicodebig"]),
    Row {
        name: "ISO-8859-1",
        label: "Latin-1",
        kind: Kind::Latin1,
        aliases: &["latin1", "l1", "88591", "cp819", "ibm819", "isoir100"],
    },
    entry("windows-1250", Kind::Single(rs::WINDOWS_1250), &["cp1250", "xcp1250"]),
    entry("windows-1251", Kind::Single(rs::WINDOWS_1251), &["cp1251", "xcp1251"]),
    entry("windows-1252", Kind::Single(rs::WINDOWS_1252), &["cp1252", "xcp1252"]),
    entry("windows-1253", Kind::Single(rs::WINDOWS_1253), &["cp1253", "xcp1253"]),
    entry("windows-1254", Kind::Single(rs::WINDOWS_1254), &["cp1254", "xcp1254"]),
    entry("windows-1255", Kind::Single(rs::WINDOWS_1255), &["cp1255", "xcp1255"]),
    entry("windows-1256", Kind::Single(rs::WINDOWS_1256), &["cp1256", "xcp1256"]),
    entry("windows-1257", Kind::Single(rs::WINDOWS_1257), &["cp1257", "xcp1257"]),
    entry("windows-1258", Kind::Single(rs::WINDOWS_1258), &["cp1258", "xcp1258"]),
    entry("KOI8-R", Kind::Single(rs::KOI8_R), &["koi8", "koi", "cp20866"]),
    entry("IBM866", Kind::Single(rs::IBM866), &["cp866", "866", "dos866"]),
    entry("ISO-8859-2", Kind::Single(rs::ISO_8859_2), &["latin2", "l2", "88592"]),
    entry("ISO-8859-5", Kind::Single(rs::ISO_8859_5), &["cyrillic", "88595"]),
    entry("ISO-8859-7", Kind::Single(rs::ISO_8859_7), &["greek", "88597"]),
    entry("ISO-8859-15", Kind::Single(rs::ISO_8859_15), &["latin9", "l9", "885915"]),
    entry("macintosh", Kind::Single(rs::MACINTOSH), &["mac", "macroman", "xmacroman", "cp10000"]),
    entry("windows-874", Kind::Single(rs::WINDOWS_874), &["cp874", "dos874"]),
    entry("ASCII", Kind::Ascii, &["usascii", "iso646us", "cp367", "646"]),
];
