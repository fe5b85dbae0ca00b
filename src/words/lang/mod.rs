//! The languages of the program. To add one, add a line to [`languages!`] and a folder with its table beside this file.

#[macro_use]
mod tables;

mod en;
mod zh_cn;

use super::texts::Table;
use serde::{Deserialize, Serialize};

macro_rules! languages {
    ($($(#[doc = $doc:literal])* $variant:ident: $name:literal, $own_name:literal, $table:expr;)*) => {
        /// A language of the program.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Lang {
            $($(#[doc = $doc])* #[serde(rename = $name)] $variant),*
        }

        impl Lang {
            /// All of them, in the order of menus.
            pub const ALL: [Self; [$(Self::$variant),*].len()] = [$(Self::$variant),*];

            /// The stable name, as in `--lang` and the settings.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// Its name in the language itself, for a menu.
            #[must_use]
            pub fn own_name(self) -> &'static str {
                match self { $(Self::$variant => $own_name),* }
            }

            /// The table of its texts.
            #[must_use]
            pub fn texts(self) -> &'static dyn Table {
                match self { $(Self::$variant => &$table),* }
            }
        }
    };
}

languages! {
    /// 简体中文
    ZhCn: "zh-CN", "简体中文", zh_cn::ZhCn;
    /// English
    En: "en", "English", en::En;
}

impl Lang {
    /// The language if none is requested.
    pub const FALLBACK: Self = Self::En;

    /// `zh-CN`, `zh`, `zh_CN.UTF-8`, `en`, `en-US` … Only the part before the first separator counts.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let language = |name: &str| name.trim().split(['-', '_', '.', '@']).next().map(str::to_ascii_lowercase);
        Self::ALL.into_iter().find(|lang| language(lang.name()) == language(name))
    }

    /// The language of the system's locale, or the fallback if it is not available.
    #[must_use]
    pub fn of_system() -> Self {
        Self::of_locales(sys_locale::get_locales())
    }

    /// The first available language among the user's locales. `C` and `POSIX` mean English.
    fn of_locales(locales: impl Iterator<Item = String>) -> Self {
        let mut asked = locales.filter_map(|locale| {
            if matches!(locale.as_str(), "C" | "POSIX") { Some(Self::En) } else { Self::by_name(&locale) }
        });
        asked.next().unwrap_or(Self::FALLBACK)
    }

    /// The next one in menus; the first after the last.
    #[must_use]
    pub fn next(self) -> Self {
        let mut from_here = Self::ALL.into_iter().cycle().skip_while(|lang| *lang != self).skip(1);
        from_here.next().unwrap_or(self)
    }
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
        // Every system gives a language.
        assert!(Lang::ALL.contains(&Lang::of_system()));
    }

    #[test]
    fn the_next_language_goes_round() {
        assert_eq!((Lang::ZhCn.next(), Lang::En.next()), (Lang::En, Lang::ZhCn));
    }
}
