//! Arguments of the window from the command line.

use super::Theme;
use crate::model::Endpoint;
use crate::words::Lang;
use std::path::PathBuf;

/// The validated arguments of `wirebench [gui]`. Fields that are `None` or empty are taken from the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Startup {
    /// Folder for captures and settings instead of the platform's folders.
    pub data_dir: Option<PathBuf>,
    /// Language.
    pub lang: Option<Lang>,
    /// Sessions to open as listeners (TCP servers, bound UDP sockets), in order.
    pub listen: Vec<Endpoint>,
    /// Sessions to open as connections (TCP clients; UDP sockets with this target), in order; ports are not 0.
    pub connect: Vec<Endpoint>,
    /// Show the built-in demonstration.
    pub demo: bool,
    /// Window size in points, width and height.
    pub size: Option<(u32, u32)>,
    /// Light or dark.
    pub theme: Option<Theme>,
    /// Limit of one capture, bytes.
    pub capture_limit: Option<u64>,
    /// Size up to which sent files are kept in the capture, bytes; `None` = as in the settings.
    pub kept_file_bytes: Option<u64>,
    /// How long closed captures are kept; `None` = as in the settings.
    pub keep_for: Option<crate::capture::Retention>,
}
