//! What the palette lists.

use crate::capture::CaptureInfo;
use crate::capture::ExportFormat;
use crate::codec::{Encoding, FramingRule};
use crate::gui::framing::choice::presets;
use crate::gui::icons;
use crate::gui::keys::{Bindings, Command};
use crate::gui::quick::list::Quick;
use crate::lines::ViewMode;
use crate::model::{Endpoint, SessionId};
use crate::settings::{SavedRule, SessionSetup, Theme};
use crate::words::{Lang, Text};

/// Headings of the list, in their order while nothing is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Heading {
    /// What was typed is an address; it has no heading.
    Typed,
    /// Used lately.
    Recent,
    Commands,
    Sessions,
    Connections,
    Captures,
    /// Encodings, view modes, framing rules.
    Display,
    /// Forms of export.
    Exports,
    /// Language and theme.
    Looks,
}

impl Heading {
    /// Whether its entries are listed while nothing is typed.
    pub fn is_listed(self) -> bool {
        self <= Self::Connections
    }

    /// Its words.
    pub fn of(self, lang: Lang) -> &'static str {
        lang.texts().palette_heading(match self {
            Self::Typed => "",
            Self::Recent => "recent",
            Self::Commands => "commands",
            Self::Sessions => "sessions",
            Self::Connections => "connections",
            Self::Captures => "captures",
            Self::Display => "display",
            Self::Exports => "exports",
            Self::Looks => "looks",
        })
    }
}

/// What an entry does.
#[derive(Clone, Debug)]
pub enum What {
    Command(Command),
    /// Listen at (true) or connect to an address.
    Open(Endpoint, bool),
    /// Open a connection that was used before.
    Recall(Box<SessionSetup>),
    Encoding(Encoding),
    View(ViewMode),
    Framing(FramingRule),
    Export(ExportFormat),
    Lang(Option<Lang>),
    Theme(Theme),
    Session(SessionId),
    /// Run this entry of the talk file of the focused session.
    Quick(usize),
    Capture(Box<CaptureInfo>),
}

/// An entry of the palette.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Stable: it is remembered as used lately.
    pub id: String,
    pub name: String,
    pub detail: String,
    /// More words that it is found by.
    pub more: String,
    pub icon: char,
    pub heading: Heading,
    /// The name of its shortcut.
    pub keys: String,
    pub what: What,
}

impl Entry {
    fn new(id: String, name: impl Into<String>, icon: char, heading: Heading, what: What) -> Self {
        let (detail, more, keys) = (String::new(), String::new(), String::new());
        Self { id, name: name.into(), detail, more, icon, heading, keys, what }
    }

    pub fn command(command: Command, keys: &Bindings, lang: Lang) -> Self {
        let (id, name) = (format!("command:{}", command.id()), lang.texts().command(command.id()));
        let more =
            Lang::ALL.into_iter().filter(|other| *other != lang).map(|other| other.texts().command(command.id()));
        Self {
            detail: lang.texts().command_detail(command.id()).to_owned(),
            more: more.collect::<Vec<_>>().join(" "),
            keys: keys.name(command).to_owned(),
            ..Self::new(id, name, command.icon(), Heading::Commands, What::Command(command))
        }
    }

    pub fn session(id: SessionId, title: String, state: String) -> Self {
        let entry =
            Self::new(format!("session:{}", id.0), title, icons::TERMINAL_WINDOW, Heading::Sessions, What::Session(id));
        Self { detail: state, ..entry }
    }

    pub fn quick(quick: &Quick, detail: &str) -> Self {
        let id = format!("quick:{}", quick.name);
        let entry = Self::new(id, quick.name.as_str(), icons::LIGHTNING, Heading::Commands, What::Quick(quick.entry));
        let more = quick.sends.iter().map(|(text, _)| text.as_str()).collect();
        Self { detail: detail.to_owned(), keys: quick.key.clone(), more, ..entry }
    }

    pub fn recent(setup: &SessionSetup, title: String, address: String) -> Self {
        let (id, what) = (format!("recent:{address}"), What::Recall(Box::new(setup.clone())));
        let entry = Self::new(id, title, icons::CLOCK_COUNTER_CLOCKWISE, Heading::Connections, what);
        Self { detail: address, ..entry }
    }

    pub fn capture(info: &CaptureInfo, time: String) -> Self {
        let (id, what) = (format!("capture:{}", info.id), What::Capture(Box::new(info.clone())));
        let entry = Self::new(id, info.endpoint.clone(), icons::ARCHIVE, Heading::Captures, what);
        Self { detail: time, ..entry }
    }
}

/// Entries that choose a value: encodings, view modes, framing rules, forms of export, language, theme.
pub fn choices(lang: Lang, saved: &[SavedRule]) -> Vec<Entry> {
    let of = |text: Text| text.of(lang);
    let mut entries = Vec::new();
    let mut add = |id: String, name: String, detail: &str, icon: char, heading: Heading, what: What| {
        entries.push(Entry { detail: detail.to_owned(), ..Entry::new(id, name, icon, heading, what) });
    };
    for (id, mode, text) in [
        ("text", ViewMode::Text, Text::Plain),
        ("hex", ViewMode::Hex, Text::AsHex),
        ("dump", ViewMode::Dump, Text::AsDump),
    ] {
        add(format!("view:{id}"), of(text).to_owned(), of(Text::View), icons::EYE, Heading::Display, What::View(mode));
    }
    for encoding in Encoding::all() {
        let (id, what) = (format!("encoding:{}", encoding.name()), What::Encoding(*encoding));
        add(id, encoding.label().to_owned(), of(Text::Encoding), icons::TEXT_AA, Heading::Display, what);
    }
    let mut rules: Vec<(&str, &FramingRule)> = presets(lang).collect();
    rules.extend(saved.iter().map(|saved| (saved.name.as_str(), &saved.rule)));
    for (name, rule) in rules {
        let (id, what) = (format!("framing:{rule}"), What::Framing(rule.clone()));
        add(id, name.to_owned(), of(Text::Framing), icons::CODE, Heading::Display, what);
    }
    for format in ExportFormat::ALL {
        let (id, name) = (format!("export:{}", format.name()), lang.texts().export_as(format.name()));
        add(id, name, "", icons::EXPORT, Heading::Exports, What::Export(format));
    }
    let system = std::iter::once((None, "system", of(Text::LanguageSystem)));
    for (choice, id, name) in system.chain(Lang::ALL.map(|lang| (Some(lang), lang.name(), lang.own_name()))) {
        add(
            format!("lang:{id}"),
            name.to_owned(),
            of(Text::Language),
            icons::TRANSLATE,
            Heading::Looks,
            What::Lang(choice),
        );
    }
    for (theme, id, text, icon) in [
        (Theme::System, "system", Text::ThemeSystem, icons::MONITOR),
        (Theme::Light, "light", Text::LightTheme, icons::SUN),
        (Theme::Dark, "dark", Text::DarkTheme, icons::MOON),
    ] {
        add(format!("theme:{id}"), of(text).to_owned(), of(Text::Theme), icon, Heading::Looks, What::Theme(theme));
    }
    entries
}
