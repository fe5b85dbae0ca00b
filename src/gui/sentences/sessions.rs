//! Sentences about tabs.

use super::tab_title;
use crate::gui::session::Session;
use crate::words::Lang;

/// What a session is called where it has no tab.
pub fn session_title(session: &Session, lang: Lang) -> String {
    match &session.archive {
        Some(archive) => archive.endpoint.clone(),
        None => tab_title(&session.setup, &session.state, false, lang),
    }
}

/// A tab was closed, and can be brought back.
pub fn session_closed(title: &str, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("已关闭 {title}"),
        Lang::En => format!("{title} closed"),
    }
}
