//! One tab: the form, its worker, and the view of its capture.

mod ending;
mod events;
mod failures;
mod remembered;

use crate::capture::{CaptureInfo, CaptureOptions, CaptureReader};
use crate::engine::{Command, CommandSender, PeerInfo, PeerTable, PortUser, SessionHandle, SessionOptions, Wake};
use crate::gui::files::form::FileForm;
use crate::gui::files::headed::{Headed, Heading};
use crate::gui::files::transfers::Transfers;
use crate::gui::filter::state::Sift;
use crate::gui::find::state::Find;
use crate::gui::frame::places::Places;
use crate::gui::log::LogView;
use crate::gui::network::form;
use crate::gui::network::form::FieldErrors;
use crate::gui::network::rates::Rates;
use crate::gui::send::state::{SendBox, TargetChoice};
use crate::gui::timing::state::Timing;
use crate::gui::widgets::Lamp;
use crate::model::{
    CloseReason, CounterValues, ErrorKind, Facts, HostPort, NetError, Operation, PeerId, Protocol, RunNumber,
    SessionConfig, SessionId, SessionState, Target, Ticket, display_address,
};
use crate::settings::SessionSetup;
pub use failures::Failures;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Maximum size of a TCP peer's send queue beyond the payload being sent, bytes.
const QUEUE_LIMIT: usize = 8 << 20;

/// The environment a session needs to start its worker.
#[derive(Clone)]
pub struct Ground {
    /// Folder for captures.
    pub captures_dir: PathBuf,
    /// Options of captures.
    pub capture: CaptureOptions,
    /// Wakes the window.
    pub wake: Wake,
}

/// Why no rows are visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NothingShown {
    /// The filter hides all rows.
    Filtered,
    /// The view was cleared; this many records are kept.
    Cleared(u64),
}

/// One tab.
pub struct Session {
    /// Its id; never reused.
    pub id: SessionId,
    /// The form as typed.
    pub setup: SessionSetup,
    /// The stored capture that is shown read-only, if any.
    pub archive: Option<CaptureInfo>,
    /// Created in this run and never opened, so it has no address yet.
    pub fresh: bool,
    /// Created as a replacement when the last tab was closed.
    pub stands_in: bool,
    /// State of the worker according to its events.
    pub state: SessionState,
    /// Time when the session became open.
    pub open_since: Option<Instant>,
    /// Its errors.
    pub failures: Failures,
    /// The banner about sent files that are not read was dismissed.
    pub unread_dismissed: bool,
    /// The banner about a lost connection was dismissed.
    pub lost_dismissed: bool,
    /// The SHA-256 of a certificate that was accepted without a check, until the user has decided.
    pub unchecked_certificate: Option<String>,
    /// When a client that waits connects again.
    pub waits_until: Option<Instant>,
    /// Errors of fields.
    pub errors: FieldErrors,
    /// A port that was in use, and the next free one.
    pub other_port: Option<(u16, u16)>,
    /// A port that was in use, and the program that uses it.
    pub port_user: Option<(u16, PortUser)>,
    /// The log, once there is a capture. Its view owns the reader, the index and the number of the first record shown.
    pub log: Option<LogView>,
    /// The byte inspector.
    pub inspector: crate::gui::inspector::state::Inspector,
    /// The open dock and drawer tabs.
    pub places: Places,
    /// The editor of its framing rule, while it is open.
    pub rule_editor: Option<crate::gui::framing::state::RuleEditor>,
    /// The highlight rules, while they are open beside its log.
    pub highlight_page: Option<crate::gui::highlights::state::HighlightPage>,
    /// The current comparison.
    pub compare: Option<crate::gui::compare::state::Comparison>,
    /// The send box.
    pub send: SendBox,
    /// The search.
    pub find: Find,
    /// The framing rule and the filter.
    pub sift: Sift,
    /// The advice about the encoding.
    pub advice: crate::gui::advice::state::Advice,
    /// The plots of rates and answer times.
    pub timing: Timing,
    /// The reply trace.
    pub trace: crate::gui::trace::state::ReplyTrace,
    /// The form of a file action, while it is open.
    pub file_form: Option<FileForm>,
    /// The file actions that run, and the last ones that ended.
    pub transfers: Transfers,
    /// The transfers with headers, while they run.
    pub headed: Option<Headed>,
    /// The runs of its talk file.
    pub runs: crate::gui::run::state::Runs,
    /// They are being started.
    pub heading: Option<Heading>,
    /// Its talk file: quick commands and reply rules.
    pub talk: crate::gui::talk::file::TalkFile,
    /// Its quick commands: the list and what runs.
    pub quick: crate::gui::quick::state::QuickState,
    /// The facts in the dock.
    pub facts_state: crate::gui::facts::state::FactsState,
    /// Its replies: the list and the rules that its worker has.
    pub replies: crate::gui::replies::state::ReplyState,
    /// The counters of this frame.
    pub counters: CounterValues,
    /// The rates of the counters.
    pub rates: Rates,
    /// While the session is open, the locked network fields are shown instead of the card.
    pub network_unfolded: bool,
    /// The list of peers.
    pub peer_list: crate::gui::network::peer_list::PeerList,
    /// The page before it is opened for the first time.
    pub start: crate::gui::start::state::Start,
    /// It was opened since the list of recent connections was looked after.
    pub has_opened: bool,
    /// It came back open: it is opened as soon as its last run has ended.
    pub opens_again: bool,
    /// The last open failed because of the port.
    port_refused: bool,
    handle: Option<SessionHandle>,
    run: RunNumber,
    next_ticket: u64,
    ticket_ranges: u64,
    stored_peers: Vec<(PeerId, SocketAddr)>,
    /// UDP: the remote of this run; its name was resolved when the session was opened.
    opened_remote: Option<HostPort>,
}

impl Session {
    /// A closed session.
    pub fn new(id: SessionId, setup: SessionSetup) -> Self {
        Self {
            id,
            setup,
            archive: None,
            fresh: false,
            stands_in: false,
            state: SessionState::Idle,
            open_since: None,
            failures: Failures::default(),
            unread_dismissed: false,
            lost_dismissed: false,
            unchecked_certificate: None,
            waits_until: None,
            errors: FieldErrors::default(),
            other_port: None,
            port_user: None,
            start: crate::gui::start::state::Start::default(),
            has_opened: false,
            opens_again: false,
            port_refused: false,
            log: None,
            places: Places::default(),
            inspector: crate::gui::inspector::state::Inspector::default(),
            rule_editor: None,
            highlight_page: None,
            compare: None,
            send: SendBox::default(),
            find: Find::default(),
            sift: Sift::default(),
            advice: crate::gui::advice::state::Advice::default(),
            timing: Timing::default(),
            trace: crate::gui::trace::state::ReplyTrace::default(),
            file_form: None,
            transfers: Transfers::default(),
            headed: None,
            runs: crate::gui::run::state::Runs::default(),
            heading: None,
            talk: Default::default(),
            quick: Default::default(),
            facts_state: Default::default(),
            replies: Default::default(),
            ticket_ranges: 0,
            counters: CounterValues::default(),
            rates: Rates::default(),
            network_unfolded: false,
            peer_list: crate::gui::network::peer_list::PeerList::default(),
            handle: None,
            run: RunNumber::default(),
            next_ticket: 0,
            stored_peers: Vec::new(),
            opened_remote: None,
        }
    }

    /// A stored capture, read-only.
    pub fn archived(id: SessionId, info: CaptureInfo, reader: CaptureReader) -> Self {
        let mut session = Self::new(id, SessionSetup::default());
        session.archive = Some(info);
        session.show(reader);
        session
    }

    fn show(&mut self, reader: CaptureReader) {
        let mut log = LogView::new();
        log.set_capture(Some(reader));
        self.inspector.forget();
        self.sift.forget();
        self.stored_peers.clear();
        self.log = Some(log);
    }

    /// The reader of the capture.
    pub fn reader(&self) -> Option<&CaptureReader> {
        self.log.as_ref()?.reader()
    }

    /// First record that is shown (set by "clear view").
    pub fn view_from(&self) -> u64 {
        self.log.as_ref().map_or(0, LogView::from)
    }

    /// Nothing was ever opened here, so the empty page is shown instead of the log.
    pub fn is_blank(&self) -> bool {
        self.log.is_none() && !self.state.is_active()
    }

    /// The lamp of the tab and the status line.
    pub fn lamp(&self) -> Lamp {
        match &self.state {
            state if state.is_open() => Lamp::Open,
            SessionState::Resolving
            | SessionState::Connecting
            | SessionState::Waiting { .. }
            | SessionState::Closing => Lamp::Busy,
            SessionState::Closed(CloseReason::Reset | CloseReason::Timeout | CloseReason::Tls | CloseReason::Error) => {
                Lamp::Failed
            }
            _ if self.failures.of_run().is_some() => Lamp::Failed,
            _ => Lamp::Off,
        }
    }

    /// The connected peers (servers and UDP).
    pub fn peers(&self) -> Option<Arc<PeerTable>> {
        self.handle.as_ref().filter(|_| self.state.is_active()).map(SessionHandle::peers)
    }

    /// The peers of the worker, also while it is closed; `None`: there is no worker.
    pub fn worker_peers(&self) -> Option<Arc<PeerTable>> {
        self.handle.as_ref().map(SessionHandle::peers)
    }

    /// Data can be sent now.
    pub fn can_send(&self) -> bool {
        match self.setup.protocol {
            Protocol::TcpServer => self.state.is_open() && self.counters.peers > 0,
            _ => self.state.is_open(),
        }
    }

    /// UDP: the address of a target.
    pub fn words_of(&self, target: Target) -> Option<String> {
        let named = match target {
            Target::Address(address) => Some(display_address(address)),
            Target::Peer(peer) => {
                self.peers().and_then(|peers| peers.get(peer)).map(|peer| display_address(peer.address))
            }
            Target::Remote => self.opened_remote.as_ref().map(ToString::to_string),
            Target::All => None,
        };
        named.filter(|_| self.setup.protocol == Protocol::Udp)
    }

    /// UDP: the peer that sent last.
    pub fn last_sender(&self) -> Option<PeerInfo> {
        self.peers().and_then(|peers| peers.last_heard())
    }

    /// UDP: the target of the form; if the form has none, the peer that sent last. Reports the reason if it returns `None`.
    pub fn udp_target(&mut self) -> Option<Target> {
        let named = match self.send.target {
            TargetChoice::LastSender => Ok(None),
            _ => form::udp_target(&self.setup),
        };
        let named = match named {
            Ok(named) => named,
            Err(errors) => {
                self.errors.extend(errors);
                return None;
            }
        };
        let Some(named) = named else {
            let last = self.last_sender().map(|peer| Target::Peer(peer.id));
            if last.is_none() {
                self.send.failure = Some(NetError::new(Operation::Send, ErrorKind::NoPeer, "", "nobody has sent yet"));
            }
            return last;
        };
        if self.opened_remote.as_ref() == Some(&named) {
            return Some(Target::Remote);
        }
        let literal = named.literal();
        if literal.is_none() {
            self.errors.set(form::Field::RemoteAddress, form::FieldError::NameWhileOpen);
        }
        literal.map(Target::Address)
    }

    /// Starts a run with the form. An invalid form sets the errors of its fields.
    pub fn open(&mut self, ground: &Ground) {
        if self.state.is_active() || self.archive.is_some() {
            return;
        }
        self.errors.clear_network();
        self.failures.dismiss();
        self.other_port = None;
        form::split_fields(&mut self.setup);
        let config = match form::config(&self.setup) {
            Ok(config) => config,
            Err(errors) => {
                self.errors = errors;
                return;
            }
        };
        if self.handle.is_none() {
            let options = SessionOptions {
                id: self.id,
                captures_dir: ground.captures_dir.clone(),
                capture: ground.capture.clone(),
                queue_limit_bytes: QUEUE_LIMIT,
                wake: ground.wake.clone(),
            };
            match SessionHandle::spawn(options) {
                Ok(handle) => {
                    self.handle = Some(handle);
                    self.replies.forget_given(true);
                }
                Err(error) => {
                    self.fail(NetError::from_io(Operation::OpenCapture, config.endpoint().to_string(), &error));
                    return;
                }
            }
        }
        self.failures.clear();
        self.opened_remote = match &config {
            SessionConfig::Udp(udp) => udp.remote.clone(),
            SessionConfig::TcpClient(_) | SessionConfig::TcpServer(_) => None,
        };
        self.fresh = false;
        // Before the first byte can come.
        self.give_replies();
        self.command(Command::Open(config));
    }

    /// Sends a command to the worker. If the worker cannot accept it, the user gets an error.
    pub fn command(&mut self, command: Command) {
        if self.handle.is_some() && !self.try_command(command) {
            self.fail(NetError::new(Operation::Send, ErrorKind::QueueFull, "", "the session takes no more commands"));
        }
    }

    /// The facts that the worker has published last.
    pub fn facts(&self) -> Option<(PeerId, Arc<Facts>)> {
        self.handle.as_ref().and_then(SessionHandle::facts)
    }

    /// How often each rule of the talk file has acted; `None`: there is no worker.
    pub fn rule_hits(&self) -> Option<Vec<u64>> {
        self.handle.as_ref().map(SessionHandle::rule_hits)
    }

    /// Sends a command to the worker. Returns false if the worker cannot accept it, or does not exist.
    pub fn try_command(&mut self, command: Command) -> bool {
        self.handle.as_ref().is_some_and(|handle| handle.send(command).is_ok())
    }

    /// Transfers with headers run, or are being started.
    pub fn is_heading(&self) -> bool {
        self.headed.is_some() || self.heading.is_some()
    }

    /// There are new records, or the session has closed.
    fn notify_headed(&self) {
        match &self.headed {
            Some(headed) if self.state.is_open() => headed.notify(),
            Some(headed) => headed.finish(),
            None => {}
        }
    }

    /// For a thread that sends by itself: the way to the worker, and the first of many tickets.
    pub fn sender(&mut self) -> Option<(CommandSender, u64)> {
        let commands = self.handle.as_ref()?.commands();
        self.ticket_ranges += 1;
        Some((commands, self.ticket_ranges << 32))
    }

    /// A ticket for the next send.
    pub fn ticket(&mut self) -> Ticket {
        self.next_ticket += 1;
        Ticket(self.next_ticket)
    }

    fn fail(&mut self, error: NetError) {
        self.mark_field(&error);
        self.failures.warn(error);
    }

    /// Marks the field that an error is about, while the form can be edited.
    fn mark_field(&mut self, error: &NetError) {
        if !self.state.is_active()
            && let Some(field) = form::field_of(error, self.setup.protocol)
        {
            self.errors.set(field, form::FieldError::System(error.clone()));
        }
    }

    /// The port that another program uses. Returned once after the open was refused.
    pub fn port_to_replace(&mut self) -> Option<u16> {
        std::mem::take(&mut self.port_refused).then(|| form::own_port(&self.setup)).flatten()
    }

    /// Passes changes of the send box to a running repeat; the next round sends the new payload.
    pub fn tick_repeat(&mut self, wake: &crate::jobs::Wake) {
        if let Some((ticket, content)) = self.send.changed_repeat(&self.setup, wake) {
            self.command(Command::ChangeSend { ticket, content });
        }
    }

    /// Updates framing and filter. Returns the delay until the next call.
    pub fn tick_sift(&mut self, wake: &crate::jobs::Wake) -> Option<Duration> {
        let log = self.log.as_mut()?;
        log.tick_far(wake);
        self.sift.tick(self.setup.rule(), self.setup.encoding, log, wake)
    }

    /// Peers for the filter, at most `most`: the connected ones, else those of the capture, oldest first.
    pub fn peers_to_filter(&mut self, most: usize) -> Vec<(PeerId, SocketAddr)> {
        if let Some(peers) = self.peers() {
            return peers.slice(0..peers.len().min(most)).into_iter().map(|peer| (peer.id, peer.address)).collect();
        }
        let Some(reader) = self.log.as_ref().and_then(LogView::reader) else { return Vec::new() };
        if self.stored_peers.is_empty() {
            let address = |number| Some((PeerId(number), reader.peer_address(PeerId(number))?));
            self.stored_peers = (1..).map_while(address).take(most).collect();
        }
        self.stored_peers.clone()
    }

    /// Updates the advice about the encoding. Returns true if more records are left.
    pub fn tick_advice(&mut self) -> bool {
        let Some(reader) = self.log.as_ref().and_then(LogView::reader) else { return false };
        self.setup.view != crate::lines::ViewMode::Hex && self.advice.tick(reader, self.setup.encoding)
    }

    /// Updates the search. Returns the delay until the next call.
    pub fn tick_find(&mut self, wake: &crate::jobs::Wake) -> Option<Duration> {
        self.find.tick(self.setup.encoding, self.log.as_mut()?, wake)
    }

    /// Updates the plots. Returns the delay until the next call.
    pub fn tick_timing(&mut self, wake: &crate::jobs::Wake) -> Option<Duration> {
        let log = self.log.as_ref()?;
        self.timing.tick(log.reader()?, log.from(), wake)
    }

    /// Updates the reply trace. Returns the delay until the next call.
    pub fn tick_trace(&mut self, wake: &crate::jobs::Wake) -> Option<Duration> {
        let log = self.log.as_ref()?;
        self.trace.tick(log.reader()?, self.replies.rules(), wake)
    }

    /// Why no rows are visible although data was recorded.
    pub fn nothing_shown(&self) -> Option<NothingShown> {
        let log = self.log.as_ref()?;
        let (from, records) = (log.from(), log.reader()?.records());
        if log.item_count() > 0 {
            return None;
        }
        let cleared = from.saturating_sub(records.start);
        if cleared > 0 && from >= records.end {
            return Some(NothingShown::Cleared(cleared));
        }
        let is_filtered = self.sift.filters() && self.sift.is_whole() && self.sift.error().is_none();
        is_filtered.then_some(NothingShown::Filtered)
    }

    /// Number of records since the view was cleared. Includes records without their own row, like the list of captures.
    pub fn record_count(&self) -> u64 {
        let records = self.reader().map_or(0..0, CaptureReader::records);
        records.end.saturating_sub(records.start.max(self.view_from()))
    }

    /// Hides all records up to now; the capture keeps them.
    pub fn clear_view(&mut self) {
        if let Some(log) = &mut self.log {
            log.clear();
        }
    }

    /// Shows cleared records again.
    pub fn show_all(&mut self) {
        self.show_from(0);
    }

    /// Shows the records from this one on.
    pub fn show_from(&mut self, record: u64) {
        if let Some(log) = &mut self.log {
            log.show_from(record);
        }
    }

    /// Puts bytes of the log into the send box: as text if its encoding gives the same bytes, else as hex.
    pub fn fill_send_box(&mut self, bytes: &[u8], as_text: bool) {
        let text = self.setup.encoding.decode(bytes);
        let same = self.setup.encoding.encode(&text).is_ok_and(|again| again == bytes);
        self.setup.send_hex = !(as_text && same);
        self.setup.draft = if self.setup.send_hex { crate::codec::hex::spaced_upper(bytes) } else { text };
        self.send.remove_chip();
        self.send.bound_draft(&mut self.setup.draft);
    }
}
