//! Names of the numbers in the IANA registries of TLS.

/// `TLS 1.2`; an unknown version as hex.
#[must_use]
pub fn version_name(version: u16) -> String {
    match version {
        0x0002 => "SSL 2".into(),
        0x0300 => "SSL 3".into(),
        0x0301 => "TLS 1.0".into(),
        0x0302 => "TLS 1.1".into(),
        0x0303 => "TLS 1.2".into(),
        0x0304 => "TLS 1.3".into(),
        other => format!("0x{other:04X}"),
    }
}

/// How the key of a connection is agreed upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyExchange {
    /// The client encrypts it with the RSA key of the server.
    Rsa,
    /// Diffie-Hellman with numbers.
    Dhe,
    /// Diffie-Hellman on curves.
    Ecdhe,
    /// Other kinds: a key known before, anonymous, national, or static Diffie-Hellman.
    Other,
    /// TLS 1.3: chosen apart from the suite.
    Separate,
    /// No suite, but a signal.
    None,
}

/// The suites that are met: number, name.
const SUITES: &[(u16, &str)] = &[
    (0x0001, "TLS_RSA_WITH_NULL_MD5"),
    (0x0002, "TLS_RSA_WITH_NULL_SHA"),
    (0x0004, "TLS_RSA_WITH_RC4_128_MD5"),
    (0x0005, "TLS_RSA_WITH_RC4_128_SHA"),
    (0x000A, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
    (0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA"),
    (0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA"),
    (0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"),
    (0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA"),
    (0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA"),
    (0x003B, "TLS_RSA_WITH_NULL_SHA256"),
    (0x003C, "TLS_RSA_WITH_AES_128_CBC_SHA256"),
    (0x003D, "TLS_RSA_WITH_AES_256_CBC_SHA256"),
    (0x0041, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA"),
    (0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256"),
    (0x006B, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256"),
    (0x0084, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA"),
    (0x008C, "TLS_PSK_WITH_AES_128_CBC_SHA"),
    (0x008D, "TLS_PSK_WITH_AES_256_CBC_SHA"),
    (0x0096, "TLS_RSA_WITH_SEED_CBC_SHA"),
    (0x009C, "TLS_RSA_WITH_AES_128_GCM_SHA256"),
    (0x009D, "TLS_RSA_WITH_AES_256_GCM_SHA384"),
    (0x009E, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"),
    (0x009F, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"),
    (0x00A8, "TLS_PSK_WITH_AES_128_GCM_SHA256"),
    (0x00A9, "TLS_PSK_WITH_AES_256_GCM_SHA384"),
    (0x00FF, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"),
    (0x1301, "TLS_AES_128_GCM_SHA256"),
    (0x1302, "TLS_AES_256_GCM_SHA384"),
    (0x1303, "TLS_CHACHA20_POLY1305_SHA256"),
    (0x1304, "TLS_AES_128_CCM_SHA256"),
    (0x1305, "TLS_AES_128_CCM_8_SHA256"),
    (0x5600, "TLS_FALLBACK_SCSV"),
    (0xC008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA"),
    (0xC009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
    (0xC00A, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
    (0xC012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"),
    (0xC013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
    (0xC014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"),
    (0xC023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"),
    (0xC024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"),
    (0xC027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
    (0xC028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"),
    (0xC02B, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
    (0xC02C, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
    (0xC02F, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    (0xC030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
    (0xC09C, "TLS_RSA_WITH_AES_128_CCM"),
    (0xC09D, "TLS_RSA_WITH_AES_256_CCM"),
    (0xC0A0, "TLS_RSA_WITH_AES_128_CCM_8"),
    (0xC0A1, "TLS_RSA_WITH_AES_256_CCM_8"),
    (0xC0AC, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM"),
    (0xC0AE, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8"),
    (0xCCA8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
    (0xCCA9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
    (0xCCAA, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
    (0xE011, "TLS_ECC_SM4_CBC_SM3"),
    (0xE013, "TLS_ECDHE_SM4_CBC_SM3"),
];

/// The registered name of a suite; an unknown one as hex.
#[must_use]
pub fn suite_name(suite: u16) -> String {
    known(suite).map_or_else(|| format!("0x{suite:04X}"), str::to_owned)
}

fn known(suite: u16) -> Option<&'static str> {
    SUITES.iter().find(|(number, _)| *number == suite).map(|(_, name)| *name)
}

/// The key exchange of a suite, from its name.
#[must_use]
pub fn key_exchange(suite: u16) -> KeyExchange {
    let Some(name) = known(suite) else { return KeyExchange::Other };
    match name {
        _ if name.ends_with("_SCSV") => KeyExchange::None,
        _ if name.starts_with("TLS_RSA_") => KeyExchange::Rsa,
        _ if name.starts_with("TLS_DHE_") => KeyExchange::Dhe,
        _ if name.starts_with("TLS_ECDHE_SM4") => KeyExchange::Other,
        _ if name.starts_with("TLS_ECDHE_") => KeyExchange::Ecdhe,
        _ if suite >> 8 == 0x13 => KeyExchange::Separate,
        _ => KeyExchange::Other,
    }
}

/// The name of a key exchange group; an unknown one as hex.
#[must_use]
pub fn group_name(group: u16) -> String {
    let name = match group {
        19 => "secp192r1",
        21 => "secp224r1",
        22 => "secp256k1",
        23 => "secp256r1",
        24 => "secp384r1",
        25 => "secp521r1",
        26 => "brainpoolP256r1",
        27 => "brainpoolP384r1",
        28 => "brainpoolP512r1",
        29 => "x25519",
        30 => "x448",
        41 => "curveSM2",
        256 => "ffdhe2048",
        257 => "ffdhe3072",
        258 => "ffdhe4096",
        259 => "ffdhe6144",
        260 => "ffdhe8192",
        4587 => "SecP256r1MLKEM768",
        4588 => "X25519MLKEM768",
        other => return format!("0x{other:04X}"),
    };
    name.to_owned()
}

/// The name of an alert (RFC 8446 section 6.2), for people who look it up.
#[must_use]
pub fn alert_name(alert: u8) -> Option<&'static str> {
    let name = match alert {
        0 => "close_notify",
        10 => "unexpected_message",
        20 => "bad_record_mac",
        22 => "record_overflow",
        40 => "handshake_failure",
        42 => "bad_certificate",
        43 => "unsupported_certificate",
        44 => "certificate_revoked",
        45 => "certificate_expired",
        46 => "certificate_unknown",
        47 => "illegal_parameter",
        48 => "unknown_ca",
        49 => "access_denied",
        50 => "decode_error",
        51 => "decrypt_error",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        86 => "inappropriate_fallback",
        90 => "user_canceled",
        100 => "no_renegotiation",
        109 => "missing_extension",
        110 => "unsupported_extension",
        112 => "unrecognized_name",
        113 => "bad_certificate_status_response",
        115 => "unknown_psk_identity",
        116 => "certificate_required",
        120 => "no_application_protocol",
        _ => return None,
    };
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_how_the_key_is_exchanged() {
        for (suite, exchange) in [
            (0x002F, KeyExchange::Rsa),
            (0x0033, KeyExchange::Dhe),
            (0xC02F, KeyExchange::Ecdhe),
            (0x1301, KeyExchange::Separate),
            (0x00FF, KeyExchange::None),
            (0xE013, KeyExchange::Other),
            (0xFFFF, KeyExchange::Other),
        ] {
            assert_eq!(key_exchange(suite), exchange, "{}", suite_name(suite));
        }
        assert!(SUITES.is_sorted_by_key(|(number, _)| *number));
        assert_eq!([version_name(0x0301), version_name(0x7F00)], ["TLS 1.0", "0x7F00"]);
        assert_eq!([group_name(29), group_name(0x9999)], ["x25519", "0x9999"]);
        assert_eq!([alert_name(48), alert_name(255)], [Some("unknown_ca"), None]);
    }
}
