//! The remembered values.

use super::rules::SavedRule;
use crate::codec::{Check, Checksum, Encoding, FramingRule};
use crate::lines::{TimeForm, ViewMode};
use crate::model::Protocol;
use crate::words::Lang;
use serde::{Deserialize, Serialize};

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What is appended to each send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Append {
    /// Nothing.
    #[default]
    None,
    /// CR.
    Cr,
    /// LF.
    Lf,
    /// CR LF.
    CrLf,
    /// A checksum over the payload.
    Checksum(Checksum),
}

/// Of the whole program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// `None` = the system's.
    pub lang: Option<Lang>,
    /// Theme.
    pub theme: Theme,
    /// Limit of one capture, bytes.
    pub capture_limit_bytes: u64,
    /// A sent file up to this size is kept in the capture, bytes.
    pub kept_file_bytes: u64,
    /// Days closed captures are kept; `None` = for ever.
    pub retention_days: Option<u32>,
    /// Delete a session's capture when it closes.
    pub delete_on_close: bool,
    /// Window size in points and whether maximised.
    pub window: Option<(f32, f32, bool)>,
    /// The left column is shown.
    pub show_side: bool,
    /// Interface scale, 1.0 = 100 %.
    pub zoom: f32,
    /// Framing rules by the user's names, at most [`Self::MAX_RULES`].
    pub rules: Vec<SavedRule>,
    /// What is tinted in every log; the first rule wins where two match.
    pub highlights: Vec<super::HighlightRule>,
}

/// One session as the user left it. Fields hold the texts as typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionSetup {
    /// Mode.
    pub protocol: Protocol,
    /// Local address (server, UDP; client: the address to connect from, empty = any).
    pub local_address: String,
    /// Local port (client: empty = any).
    pub local_port: String,
    /// Remote address (client).
    pub remote_address: String,
    /// Remote port (client).
    pub remote_port: String,
    /// UDP: where to send to; empty = to whoever sent last.
    pub target_address: String,
    /// Its port.
    pub target_port: String,
    /// Client: connect from the local address and port instead of the system's choice.
    pub bind_local: bool,
    /// View.
    pub view: ViewMode,
    /// Encoding of view and send.
    pub encoding: Encoding,
    /// Where frames end in what is received and sent.
    pub framing: FramingRule,
    /// What is verified in each frame instead of the check that `framing` brings; see [`Self::rule`].
    pub verify: Option<Check>,
    /// The time column is shown.
    pub show_times: bool,
    /// What it says.
    pub time_form: TimeForm,
    /// Send as hex.
    pub send_hex: bool,
    /// Parse escapes in text.
    pub escapes: bool,
    /// What is appended.
    pub append: Append,
    /// Clear the box after sending.
    pub clear_after_send: bool,
    /// Repeat interval, ms, as typed.
    pub interval_ms: String,
    /// Keep our side open after the peer's FIN.
    pub keep_half_open: bool,
    /// The text in the send box (at most 64 KiB is remembered).
    pub draft: String,
    /// The byte inspector is open (true), or was closed by the user; `None`: it opens by itself.
    pub inspector: Option<bool>,
    /// The plots are shown.
    pub plots: bool,
    /// What is shown of the log.
    pub filter: super::FilterSetup,
    /// Sent texts, newest first, at most 50, each at most 4 KiB: text and whether it was hex.
    pub history: Vec<(String, bool)>,
}

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Of the program.
    pub preferences: Preferences,
    /// Open tabs, in order.
    pub sessions: Vec<SessionSetup>,
    /// Which tab was in front.
    pub current: usize,
    /// How they stood, where not in one bar.
    pub layout: Option<super::Layout>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            lang: None,
            theme: Theme::System,
            capture_limit_bytes: 4 << 30,
            kept_file_bytes: 4 << 20,
            retention_days: Some(7),
            delete_on_close: false,
            window: None,
            show_side: true,
            zoom: 1.0,
            rules: Vec::new(),
            highlights: Vec::new(),
        }
    }
}

impl Default for SessionSetup {
    fn default() -> Self {
        Self {
            protocol: Protocol::TcpServer,
            local_address: "0.0.0.0".into(),
            local_port: "8080".into(),
            remote_address: "127.0.0.1".into(),
            remote_port: "8080".into(),
            target_address: String::new(),
            target_port: String::new(),
            bind_local: false,
            view: ViewMode::Text,
            encoding: Encoding::UTF_8,
            framing: FramingRule::default(),
            verify: None,
            show_times: true,
            time_form: TimeForm::Absolute,
            send_hex: false,
            escapes: false,
            append: Append::None,
            clear_after_send: false,
            interval_ms: "1000".into(),
            keep_half_open: false,
            draft: String::new(),
            inspector: None,
            plots: false,
            filter: super::FilterSetup::default(),
            history: Vec::new(),
        }
    }
}
