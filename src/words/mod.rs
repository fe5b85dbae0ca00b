//! Every sentence a user reads about a value of `model` or `capture`, in both languages: errors, close reasons, events, sizes.
//! (Labels of the window live in `gui`, texts of the command line in `cli`.)

mod cause;
#[cfg(test)]
mod chinese;
mod damage;
mod elapsed;
mod error;
mod event;
mod export;
mod import;
mod input;
mod rows;
mod size;
mod system_code;

pub use damage::damage_note;
pub use elapsed::{since, since_short};
pub use error::{error_brief, error_cause, error_parts, error_sentence};
pub use event::{close_reason, event_sentence, first_heard_sentence, send_cancelled, session_state, size_of};
pub use export::{
    files_left_unread, made_up_headers, missing_sentence, read_error, read_error_in_full, record_sentence,
};
pub use import::{import_error, imported};
pub use input::{
    encode_error, endpoint_error, endpoint_error_brief, escape_error, hex_error, hexdump_sentence, pattern_error,
    rule_error,
};
pub use rows::{
    check_sentence, check_sentence_with_numbers, empty_datagram, evicted_sentence, file_sent, frame_note,
    frames_given_up, swept_sentence,
};
pub use size::{counted, grouped, parse_size, size};

use crate::codec::safe::is_hidden;
use serde::{Deserialize, Serialize};

/// A language of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Lang {
    /// 简体中文
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// English
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// Both, in the order of menus.
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// `zh-CN`, `zh`, `zh_CN.UTF-8`, `en`, `en-US` …
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let language = name.trim().split(['-', '_', '.', '@']).next()?;
        match language.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::ZhCn),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// From the system's locale; English where it says nothing we have.
    #[must_use]
    pub fn of_system() -> Self {
        Self::of_locales(sys_locale::get_locales())
    }

    /// The first of the user's locales that we have; the locales `C` and `POSIX` ask for English.
    fn of_locales(locales: impl Iterator<Item = String>) -> Self {
        let mut asked = locales.filter_map(|locale| {
            if matches!(locale.as_str(), "C" | "POSIX") { Some(Self::En) } else { Self::by_name(&locale) }
        });
        asked.next().unwrap_or(Self::En)
    }

    /// The stable name, as in `--lang` and the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// Its own name for itself, for a menu.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::ZhCn => "简体中文",
            Self::En => "English",
        }
    }

    /// Chooses one of two texts.
    #[must_use]
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::ZhCn => zh,
            Self::En => en,
        }
    }
}

/// Text from outside (a path, a name, a message of the system) made harmless for a sentence: controls, invisible and direction
/// characters escaped, and cut where it is too long to read.
#[must_use]
pub fn harmless(text: &str) -> String {
    const LONGEST: usize = 300;
    let mut shown = String::with_capacity(text.len());
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push('…');
            break;
        }
        if is_hidden(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_by_name() {
        for name in ["zh-CN", "zh", "zh_CN.UTF-8", "ZH-cn", "zh-Hans-CN", "zh_TW", "zh@pinyin"] {
            assert_eq!(Lang::by_name(name), Some(Lang::ZhCn), "{name}");
        }
        for name in ["en", "en-US", "en_GB.UTF-8", "EN", " en "] {
            assert_eq!(Lang::by_name(name), Some(Lang::En), "{name}");
        }
        for name in ["", "fr", "C", "english", "z", "zhx", "-zh"] {
            assert_eq!(Lang::by_name(name), None, "{name}");
        }
        for lang in Lang::ALL {
            assert_eq!(Lang::by_name(lang.name()), Some(lang));
            assert_eq!(serde_json::to_value(lang).unwrap(), lang.name());
        }
    }

    #[test]
    fn the_system_language_is_the_first_known_one() {
        for (locales, lang) in [
            (&["zh-CN"][..], Lang::ZhCn),
            (&["fr-FR", "zh-CN", "en"], Lang::ZhCn),
            (&["en-US", "zh-CN"], Lang::En),
            (&["C", "zh-CN"], Lang::En),
            (&["fr-FR"], Lang::En),
            (&[], Lang::En),
        ] {
            assert_eq!(Lang::of_locales(locales.iter().map(|l| (*l).to_owned())), lang, "{locales:?}");
        }
        // Whatever the system says, there is a language.
        assert!(Lang::ALL.contains(&Lang::of_system()));
    }

    #[test]
    fn text_from_outside_cannot_disturb_a_sentence() {
        assert_eq!(harmless("a\u{1b}[31m\n\u{202E}你"), "a\\u{1b}[31m\\n\\u{202e}你");
        assert_eq!(harmless(&"x".repeat(10_000)).chars().count(), 301);
    }
}
