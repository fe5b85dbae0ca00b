//! Opening the palette, filling it, and doing what was chosen in it.

use crate::gui::action::{Action, AppAction, CaptureAction, QuickAction, SessionAction, TabAction};
use crate::gui::app::App;
use crate::gui::files::form::FileTask;
use crate::gui::framing::choice;
use crate::gui::keys::Command;
use crate::gui::palette::{self, Answer, Entry, Palette, What};
use crate::gui::quick::list;
use crate::gui::sentences;
use crate::gui::session::Session;
use crate::gui::start::typed::{self, Typed};
use crate::gui::tabs;
use crate::model::SessionState;
use crate::settings::{Preferences, SessionSetup};
use egui::Context;

impl App {
    /// Opens the palette, or closes it.
    pub(crate) fn toggle_palette(&mut self) {
        self.palette = match self.palette {
            Some(_) => None,
            None => Some(Palette::default()),
        };
        self.ctx.request_repaint();
    }

    /// Draws the palette while it is open.
    pub(crate) fn draw_palette(&mut self, ctx: &Context) {
        let Some(mut open) = self.palette.take() else { return };
        let recent = &self.preferences.palette_history;
        let answer = palette::show(ctx, &mut open, || self.palette_entries(), recent, &self.keys, self.lang);
        match answer {
            None => self.palette = Some(open),
            Some(Answer::Closed) => ctx.request_repaint(),
            Some(Answer::Run(entry, in_new_tab)) => {
                ctx.request_repaint();
                self.run_entry(*entry, in_new_tab);
            }
        }
    }

    fn palette_entries(&self) -> Vec<Entry> {
        let commands = Command::ALL.iter().copied().filter(|command| *command != Command::Palette);
        let available = commands.filter(|command| self.is_available(*command));
        let mut entries: Vec<Entry> = available.map(|command| Entry::command(command, &self.keys, self.lang)).collect();
        if let Some(session) = self.sessions.get(&self.focused).filter(|session| session.archive.is_none()) {
            let groups = session.quick.listed();
            let detail = self.lang.texts().quick("add");
            entries.extend(list::commands(&groups).map(|quick| Entry::quick(quick, detail)));
        }
        let others = tabs::order(&self.tree).into_iter().filter(|id| *id != self.focused);
        for session in others.filter_map(|id| self.sessions.get(&id)) {
            let title = sentences::session_title(session, self.lang);
            entries.push(Entry::session(session.id, title, String::new()));
        }
        for recent in self.recents.list() {
            let address = sentences::tab_title(&unnamed(&recent.setup), &SessionState::Idle, false, self.lang);
            let title = if recent.setup.name.is_empty() { address.clone() } else { recent.setup.name.clone() };
            entries.push(Entry::recent(&recent.setup, title, address));
        }
        for capture in &self.captures.recent {
            entries.push(Entry::capture(capture, crate::gui::sentences::local_time(capture.created_unix_ns)));
        }
        let focused = self.sessions.get(&self.focused);
        let has_records = focused.is_some_and(|session| session.reader().is_some());
        let choices = palette::choices(self.lang, &self.preferences.rules);
        entries.extend(choices.into_iter().filter(|entry| has_records || !matches!(entry.what, What::Export(_))));
        entries
    }

    /// Does what the entry is for, and remembers it.
    fn run_entry(&mut self, entry: Entry, in_new_tab: bool) {
        self.remember_entry(&entry);
        let id = self.focused;
        match entry.what {
            What::Command(command) => self.run_command(command),
            What::Open(endpoint, listens) => {
                // What the user has chosen in an untouched tab, such as the encoding, stays.
                let untouched = self.sessions.get(&id).filter(|session| is_free(session) && !in_new_tab);
                let base = untouched.map_or_else(SessionSetup::default, |session| session.setup.clone());
                self.open_setup(typed::setup_of(&Typed { endpoint, listens }, base), in_new_tab);
            }
            What::Recall(setup) => self.open_setup(*setup, in_new_tab),
            What::Encoding(encoding) => self.with(id, |session| session.setup.encoding = encoding),
            What::View(view) => self.with(id, |session| session.setup.view = view),
            What::Framing(rule) => self.with(id, |session| choice::choose_rule(&mut session.setup, &rule)),
            What::Export(format) => {
                self.show_file_form(id, FileTask::Export, FileTask::Export.anchor());
                let chosen = |session: &mut Session| {
                    if let Some(form) = session.file_form.as_mut().filter(|form| form.task == FileTask::Export) {
                        form.export.format = format;
                        form.follow_format();
                    }
                };
                self.with(id, chosen);
            }
            What::Lang(lang) => self.actions.push(Action::App(AppAction::SetLang(lang))),
            What::Theme(theme) => self.actions.push(Action::App(AppAction::SetTheme(theme))),
            What::Quick(entry) => self.actions.push(Action::Quick(QuickAction::Run(id, vec![entry], false))),
            What::Session(id) => self.actions.push(Action::Tab(TabAction::Focus(id))),
            What::Capture(info) => self.actions.push(Action::Capture(CaptureAction::Open(*info))),
        }
    }

    /// Opens a connection in the focused tab if nothing was opened there, else in a new one.
    fn open_setup(&mut self, setup: SessionSetup, in_new_tab: bool) {
        let id = match self.sessions.get_mut(&self.focused).filter(|session| is_free(session) && !in_new_tab) {
            Some(session) => {
                let (draft, history) =
                    (std::mem::take(&mut session.setup.draft), std::mem::take(&mut session.setup.history));
                session.setup = SessionSetup { draft, history, ..setup };
                session.errors.clear_network();
                session.id
            }
            None => {
                let id = self.add(setup);
                tabs::insert(&mut self.tree, id, self.focused);
                id
            }
        };
        self.focus(id);
        self.actions.push(Action::Session(SessionAction::Open(id)));
    }

    fn remember_entry(&mut self, entry: &Entry) {
        // The number of a session or an entry means nothing in the next run.
        if matches!(entry.what, What::Session(_) | What::Quick(_)) || entry.id.len() > Preferences::MAX_PALETTE_ID_LEN {
            return;
        }
        let history = &mut self.preferences.palette_history;
        history.retain(|id| *id != entry.id);
        history.insert(0, entry.id.clone());
        history.truncate(Preferences::MAX_PALETTE_HISTORY);
    }
}

/// Nothing was opened in the tab yet.
fn is_free(session: &Session) -> bool {
    session.is_blank() && session.archive.is_none()
}

fn unnamed(setup: &SessionSetup) -> SessionSetup {
    SessionSetup { name: String::new(), ..setup.clone() }
}
