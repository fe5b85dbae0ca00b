//! The application of the window: its state, start and end. `logic` processes events, `ui` draws, and `actions` executes what
//! the user requested.

mod actions;
mod first_focus;
mod input_method;
mod logic;
mod pace;
mod persist;
mod ui;

use crate::capture::CaptureOptions;
use crate::engine;
use crate::gui::action::{Action, AppAction, SessionAction};
use crate::gui::captures::state::CapturesPage;
use crate::gui::dialogs::Picker;
use crate::gui::frame::left::Folds;
use crate::gui::highlights::state::Highlights;
use crate::gui::network::addresses::Addresses;
use crate::gui::network::form;
use crate::gui::sentences;
use crate::gui::session::{Ground, Session};
use crate::gui::settings_page::state::SettingsPage;
use crate::gui::start::typed::{Typed, setup_of};
use crate::gui::tabs::Pane;
use crate::gui::theme;
use crate::gui::widgets::Toasts;
use crate::jobs;
use crate::model::{Protocol, SessionId};
use crate::settings::{self, DataPaths, LoadNote, Preferences, Recents, SessionSetup, Settings, Startup};
use crate::words::{Lang, Text};
use egui_tiles::Tree;
pub(in crate::gui) use first_focus::FirstFocus;
pub use input_method::InputMethod;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// How long closing the window waits for all sessions together.
pub(crate) const FINISH: Duration = Duration::from_secs(2);

/// A message about the whole program: a banner until it is dismissed.
pub enum Notice {
    /// A problem with the settings file.
    Settings(LoadNote),
    /// No home directory: settings and captures are lost when the system restarts.
    NoHome,
    /// Writing settings, listing or deleting captures failed.
    Failed(crate::model::NetError),
}

impl Notice {
    /// Title and cause.
    fn parts(&self, lang: Lang) -> (String, String) {
        match self {
            Self::Settings(note) => sentences::load_note(note, lang),
            Self::NoHome => (Text::NoHome.of(lang).to_owned(), Text::NoHomeWhy.of(lang).to_owned()),
            Self::Failed(error) => crate::words::error_parts(error, lang),
        }
    }
}

/// The application behind the window. Tests drive the same type.
pub struct App {
    pub(crate) ctx: egui::Context,
    pub(crate) lang: Lang,
    pub(crate) theme: settings::Theme,
    pub(crate) capture_limits: (Option<u64>, Option<u64>),
    pub(crate) keep_for: Option<crate::capture::Retention>,
    pub(crate) preferences: Preferences,
    pub(crate) recents: Recents,
    pub(crate) paths: DataPaths,
    pub(crate) picker: Picker,
    pub(crate) sessions: BTreeMap<SessionId, Session>,
    pub(crate) tree: Tree<Pane>,
    pub(crate) focused: SessionId,
    pub(crate) next_id: u64,
    pub(crate) side_forced: bool,
    /// A dialog was open in the last frame.
    pub(crate) dialog_open: bool,
    pub(crate) focus_before: Option<egui::Id>,
    /// The shortcuts in force.
    pub(crate) keys: crate::gui::keys::Bindings,
    pub(crate) focus: crate::gui::keys::place::Focus,
    pub(crate) palette: Option<crate::gui::palette::Palette>,
    pub(crate) key_sheet: Option<crate::gui::keys::sheet::Sheet>,
    pub(crate) actions: Vec<Action>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) toasts: Toasts<Action>,
    pub(crate) addresses: Addresses,
    pub(crate) page: Option<SettingsPage>,
    pub(crate) captures: CapturesPage,
    pub(crate) highlights: Highlights,
    pub(crate) compare_base: Option<Arc<crate::gui::log::Side>>,
    /// The file manager is being started.
    pub(crate) showing_folder: Option<jobs::Job<Result<(), crate::model::NetError>>>,
    /// The dialog for a talk file.
    pub(crate) talk_dialog: Option<(SessionId, jobs::Job<Option<std::path::PathBuf>>)>,
    /// A list of commands that is chosen and read.
    pub(crate) importing: Option<(SessionId, crate::gui::quick::state::Importing)>,
    pub(crate) copying: Option<jobs::Job<(String, usize, bool)>>,
    pub(crate) saver: persist::Saver,
    pub(crate) demo: Option<crate::gui::start::state::Demo>,
    pub(crate) folds: Folds,
    pub(crate) pace: pace::Pace,
    pub(crate) ending: Vec<jobs::Job<()>>,
    pub(crate) closed: Vec<crate::gui::tabs::closed::ClosedTab>,
    pub(crate) ports: crate::gui::network::port_search::PortSearches,
    pub(crate) port_users: crate::gui::network::port_search::UserSearches,
    pub(crate) drain_from: usize,
    /// The window has its requested size or was fitted to the screen.
    pub(crate) fits_screen: bool,
    pub(crate) ended: bool,
}

/// The inputs of the application. Settings are read before the window is created, because they contain its size.
pub struct Boot {
    /// The command line arguments.
    pub startup: Startup,
    /// The data folders.
    pub paths: DataPaths,
    /// The stored settings.
    pub settings: Settings,
    notices: Vec<Notice>,
    may_save: bool,
    picker: Picker,
}

impl Boot {
    /// Reads the settings. `picker`: the file dialogs, which tests replace.
    #[must_use]
    pub fn prepare(startup: Startup, picker: Picker) -> Self {
        let mut notices = Vec::new();
        let paths = DataPaths::resolve(startup.data_dir.clone()).unwrap_or_else(|| {
            notices.push(Notice::NoHome);
            let place = std::env::temp_dir().join("wirebench");
            DataPaths {
                captures_dir: place.join("captures"),
                talks_dir: place.join("talks"),
                settings_file: place.join("settings.json"),
            }
        });
        let (settings, note) = settings::load(&paths.settings_file);
        let may_save = !matches!(note, Some(LoadNote::Unreadable(_)));
        notices.extend(note.map(Notice::Settings));
        Self { startup, paths, settings, notices, may_save, picker }
    }

    /// The initial language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.startup.lang.or(self.settings.preferences.lang).unwrap_or_else(Lang::of_system)
    }
}

impl App {
    /// Installs the look, and opens the stored tabs and those of the arguments.
    #[must_use]
    pub fn new(cc: &eframe::CreationContext<'_>, boot: Boot) -> Self {
        let ctx = cc.egui_ctx.clone();
        let lang = boot.lang();
        let Boot { startup, paths, settings, notices, may_save, picker } = boot;
        let preferences = settings.preferences.clone();
        let theme = startup.theme.unwrap_or(preferences.theme);
        theme::install(&ctx, theme);
        ctx.set_zoom_factor(preferences.zoom.clamp(*Preferences::ZOOM.start(), *Preferences::ZOOM.end()));

        let mut app = Self {
            tree: crate::gui::tabs::tree(&[]),
            lang,
            theme,
            capture_limits: (startup.capture_limit, startup.kept_file_bytes),
            keep_for: startup.keep_for,
            picker,
            sessions: BTreeMap::new(),
            focused: SessionId(0),
            next_id: 0,
            side_forced: false,
            dialog_open: false,
            focus_before: None,
            keys: crate::gui::keys::Bindings::new(&preferences.keys),
            focus: crate::gui::keys::place::Focus::default(),
            palette: None,
            key_sheet: None,
            actions: Vec::new(),
            notices,
            toasts: Toasts::default(),
            addresses: Addresses::default(),
            page: None,
            captures: CapturesPage::default(),
            highlights: Highlights::default(),
            compare_base: None,
            showing_folder: None,
            talk_dialog: None,
            importing: None,
            copying: None,
            saver: persist::Saver::new(settings.clone(), may_save),
            demo: None,
            folds: Folds::default(),
            pace: pace::Pace::default(),
            ending: Vec::new(),
            closed: Vec::new(),
            ports: Default::default(),
            port_users: Default::default(),
            drain_from: 0,
            fits_screen: startup.size.is_some() || settings.preferences.window.is_some(),
            ended: false,
            preferences,
            recents: Recents::default(),
            paths,
            ctx,
        };
        app.restore(settings);
        app.focus_form(app.focused);
        app.start(&startup);
        app.addresses.refresh(&app.job_wake());
        app.sweep();
        app.look_for_recent();
        app
    }

    /// Restores the stored tabs, closed.
    fn restore(&mut self, settings: Settings) {
        self.recents = settings.recents;
        let mut ids: Vec<SessionId> = settings.sessions.into_iter().map(|setup| self.add(setup)).collect();
        if ids.is_empty() {
            ids.push(self.add(SessionSetup::default()));
        }
        self.sessions.values_mut().for_each(Session::recall);
        let current = ids.get(settings.current).or(ids.first()).copied();
        self.focused = current.unwrap_or(SessionId(0));
        let layout = settings.layout.filter(|layout| layout.fits(ids.len()));
        self.tree = match layout {
            Some(layout) => crate::gui::tabs::laid_out(&layout, &ids),
            None => crate::gui::tabs::tree(&[(ids, self.focused)]),
        };
        crate::gui::tabs::activate(&mut self.tree, self.focused);
    }

    /// Opens the tabs of the command line arguments. Reuses a stored tab if one matches.
    fn start(&mut self, startup: &Startup) {
        let wanted = startup.listen.iter().map(|at| (at, true)).chain(startup.connect.iter().map(|at| (at, false)));
        let (mut first, mut last) = (None, None);
        for (endpoint, listens) in wanted {
            let typed = Typed { endpoint: endpoint.clone(), listens };
            let setup = setup_of(&typed, SessionSetup::default());
            // In the order of the arguments.
            let id = self.tab_for(setup, last.unwrap_or(self.focused));
            first = first.or(Some(id));
            last = Some(id);
            self.actions.push(Action::Session(SessionAction::Open(id)));
        }
        if let Some(first) = first {
            self.focus(first);
        }
        if startup.demo {
            self.actions.push(Action::App(AppAction::Demo));
        }
        self.run_actions();
    }

    /// A tab with this mode and these addresses: a stored one, the unused first one, or a new one.
    fn tab_for(&mut self, setup: SessionSetup, beside: SessionId) -> SessionId {
        let same = |old: &SessionSetup| {
            old.protocol == setup.protocol
                && (old.protocol == Protocol::TcpClient
                    || (&old.local_address, &old.local_port) == (&setup.local_address, &setup.local_port))
                && (old.protocol == Protocol::TcpServer || form::remote_fields(old) == form::remote_fields(&setup))
        };
        let free = |session: &Session| session.is_blank() && session.archive.is_none();
        let taken = self
            .actions
            .iter()
            .filter_map(|action| if let Action::Session(SessionAction::Open(id)) = action { Some(*id) } else { None });
        let taken: Vec<SessionId> = taken.collect();
        let found = self.sessions.values().find(|s| free(s) && same(&s.setup) && !taken.contains(&s.id)).map(|s| s.id);
        let untouched = || {
            let only = self.sessions.values().next().filter(|_| self.sessions.len() == 1)?;
            (free(only) && only.setup == SessionSetup::default() && !taken.contains(&only.id)).then_some(only.id)
        };
        if let Some(id) = found {
            return id;
        }
        if let Some(id) = untouched() {
            if let Some(session) = self.sessions.get_mut(&id) {
                session.setup = setup;
            }
            return id;
        }
        let id = self.add(setup);
        crate::gui::tabs::insert(&mut self.tree, id, beside);
        id
    }

    /// Creates a session without a tab.
    pub(crate) fn add(&mut self, setup: SessionSetup) -> SessionId {
        let id = self.free_id();
        self.sessions.insert(id, Session::new(id, setup));
        id
    }

    pub(crate) fn free_id(&mut self) -> SessionId {
        self.next_id += 1;
        SessionId(self.next_id)
    }

    /// Makes this the focused session, which the left column and the status line show.
    pub(crate) fn focus(&mut self, id: SessionId) {
        if self.sessions.contains_key(&id) {
            self.focused = id;
            crate::gui::tabs::activate(&mut self.tree, id);
        }
    }

    pub(crate) fn ground(&self) -> Ground {
        let (limit, kept) = self.capture_limits;
        Ground {
            captures_dir: self.paths.captures_dir.clone(),
            capture: CaptureOptions {
                limit_bytes: limit.unwrap_or(self.preferences.capture_limit_bytes),
                delete_on_close: self.preferences.delete_on_close,
                kept_file_bytes: kept.unwrap_or(self.preferences.kept_file_bytes),
            },
            wake: self.data_wake(),
        }
    }

    /// Wakes the window for new data, less often where a frame is dear.
    pub(crate) fn data_wake(&self) -> engine::Wake {
        let (ctx, rest) = (self.ctx.clone(), self.pace.rest());
        Arc::new(move || ctx.request_repaint_after_for(rest.get(), egui::ViewportId::ROOT))
    }

    pub(crate) fn job_wake(&self) -> jobs::Wake {
        wake_of(&self.ctx)
    }

    /// Ends all sessions and writes the settings. Called when the window closes; further calls have no effect.
    pub fn shut_down(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let settings = self.settings();
        let deadline = std::time::Instant::now() + FINISH;
        for session in self.sessions.values_mut() {
            session.command(engine::Command::Close);
        }
        for mut job in self.ending.drain(..) {
            job.wait(deadline.saturating_duration_since(std::time::Instant::now()));
        }
        let closed = self.closed.iter_mut().map(|tab| &mut tab.session);
        for session in self.sessions.values_mut().chain(closed) {
            session.finish(deadline.saturating_duration_since(std::time::Instant::now()));
            session.transfers.finish(deadline);
            session.talk.finish(deadline.saturating_duration_since(std::time::Instant::now()));
        }
        self.saver.finish(&self.paths.settings_file, settings);
    }

    /// The folder of captures, for tests.
    #[must_use]
    pub fn paths(&self) -> &DataPaths {
        &self.paths
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.shut_down();
    }
}

/// A callback that wakes the window from another thread at a limited rate.
pub(crate) fn wake_of(ctx: &egui::Context) -> engine::Wake {
    let ctx = ctx.clone();
    Arc::new(move || ctx.request_repaint_after_for(pace::SHORTEST, egui::ViewportId::ROOT))
}
