//! One row of the list of file actions: what it says, and how it looks.

use crate::gui::files::form::FileTask;
use crate::gui::files::transfer::{Pace, Part};
use crate::gui::files::transfers::{End, Row, State};
use crate::gui::icons;
use crate::gui::sentences;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::paint;
use crate::model::{PeerId, Target, display_address};
use crate::transfer::{Stage, Transfer};
use crate::words::{self, Lang, Text};
use egui::text::LayoutJob;
use egui::{Color32, CornerRadius, Galley, Painter, Rect, pos2, vec2};
use std::sync::Arc;

/// Height of a row.
pub const ROW: f32 = 32.0;
/// Height of the row of a peer.
pub const PEER: f32 = 24.0;
/// Size of the bar.
const BAR: egui::Vec2 = vec2(112.0, 6.0);
/// Width of the moving piece of a bar without a known size.
const PIECE: f32 = 36.0;
/// Maximum number of lines of a row's words.
const LINES_MOST: usize = 5;
/// Space for the buttons at the right.
pub const BUTTONS: f32 = 68.0;

/// The meaning of a row's colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// It runs.
    Runs,
    /// Its peers do not read.
    Stalled,
    /// It is complete.
    Good,
    /// It waits, or was cancelled.
    Muted,
    /// It failed.
    Bad,
}

/// What a row says.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// 0–1; `None`: the size is unknown.
    pub fraction: Option<f32>,
    pub mood: Mood,
    /// Amount and total.
    pub size: String,
    /// Bytes per second.
    pub rate: String,
    /// Time left, result or cause.
    pub words: String,
    /// The words are a warning, although it goes on.
    pub warns: bool,
}

impl Look {
    /// Everything in one line, for screen readers and tooltips.
    pub fn spoken(&self) -> String {
        let parts = [&self.size, &self.rate, &self.words].into_iter().filter(|part| !part.is_empty());
        parts.map(String::as_str).collect::<Vec<_>>().join(" · ")
    }

    /// Of one peer, or of all together.
    pub fn of_part(part: &Part, lang: Lang) -> Self {
        let texts = lang.texts();
        let (mood, words) = match part.pace {
            Pace::Going => (Mood::Runs, part.left.map(|left| texts.transfer_left(&sentences::duration(left, lang)))),
            Pace::Whole => (Mood::Good, None),
            Pace::Stalled(time) => (Mood::Stalled, Some(texts.transfer_stalled(&sentences::duration(time, lang)))),
            Pace::Ended => (Mood::Muted, None),
            Pace::Gone => (Mood::Muted, Some(texts.transfer_gone().to_owned())),
        };
        Self {
            fraction: part.fraction(),
            mood,
            size: words::size_of(part.sent, part.total),
            rate: part.per_second.map_or(String::new(), |rate| format!("{}/s", words::size(rate))),
            words: words.unwrap_or_default(),
            warns: false,
        }
    }

    /// Of an action.
    pub fn of(row: &Row, names_peers: bool, lang: Lang) -> Self {
        let still = |mood, fraction, size: String, words: String| Self {
            fraction,
            mood,
            size,
            rate: String::new(),
            words,
            warns: false,
        };
        let (done, total) = row.progress();
        match &row.state {
            State::Waiting => still(Mood::Muted, Some(0.0), String::new(), Text::TransferWaiting.of(lang).to_owned()),
            State::Sending(_) => {
                let mut look = Self::of_part(&row.transfer.whole(), lang);
                if look.mood == Mood::Runs
                    && names_peers
                    && let Some((peer, time)) = row.transfer.slow_one()
                {
                    look.words = lang.texts().transfer_one_stalled(peer.0, &sentences::duration(time, lang));
                    look.warns = true;
                }
                look
            }
            // The progress of a saving job counts records.
            State::Saving(_) => {
                let fraction = total.filter(|total| *total > 0).map(|total| (done as f64 / total as f64) as f32);
                let percent = fraction.map_or(String::new(), |part| format!("{:.0} %", part * 100.0));
                still(Mood::Runs, fraction, percent, String::new())
            }
            State::Receiving(receiving) => {
                let rate =
                    receiving.rate.per_second().map_or(String::new(), |rate| format!("{}/s", words::size(rate as u64)));
                let (mood, words) = match row.missed {
                    0 => (Mood::Runs, Text::ReceivingToFile.of(lang).to_owned()),
                    missed => (Mood::Stalled, lang.texts().receive_missed(missed)),
                };
                Self { fraction: None, mood, size: words::size(row.received), rate, words, warns: false }
            }
            State::Ended(End::Received) => {
                let saved = lang.texts().file_saved(row.received);
                match row.missed {
                    0 => still(Mood::Good, Some(1.0), String::new(), saved),
                    missed => {
                        let words = format!("{saved} · {}", lang.texts().receive_missed(missed));
                        still(Mood::Bad, Some(1.0), String::new(), words)
                    }
                }
            }
            State::Ended(End::Failed(error)) if row.task == FileTask::Receive => {
                let saved = lang.texts().file_saved(row.received);
                let words = format!("{} · {saved}", words::error_sentence(error, lang));
                still(Mood::Bad, Some(1.0), String::new(), words)
            }
            State::Ended(End::Sent { bytes, peers }) => {
                still(Mood::Good, Some(1.0), String::new(), sentences::file_sent(*bytes, *peers, lang))
            }
            State::Ended(End::Saved { bytes, missing: 0 }) => {
                still(Mood::Good, Some(1.0), String::new(), lang.texts().file_saved(*bytes))
            }
            State::Ended(End::Saved { bytes, missing }) => {
                let (saved, but) = (lang.texts().file_saved(*bytes), words::missing_sentence(*missing, lang));
                still(Mood::Bad, Some(1.0), String::new(), format!("{saved}  {but}"))
            }
            State::Ended(End::Cancelled { done, total }) if row.task == FileTask::Send || row.task == FileTask::Put => {
                let fraction = total.filter(|total| *total > 0).map_or(0.0, |total| *done as f32 / total as f32);
                still(Mood::Muted, Some(fraction), String::new(), words::send_cancelled(*done, *total, lang))
            }
            State::Ended(End::Cancelled { .. }) => {
                still(Mood::Muted, Some(0.0), String::new(), Text::NothingWritten.of(lang).to_owned())
            }
            State::Serving if row.task == FileTask::Folder => {
                still(Mood::Muted, Some(0.0), String::new(), Text::WaitingForClients.of(lang).to_owned())
            }
            State::Serving => still(Mood::Muted, Some(0.0), String::new(), Text::WaitingForAnswer.of(lang).to_owned()),
            State::Headed(transfer) => Self::of_headed(transfer, lang),
            State::Ended(End::Moved { transfer, is_verified }) => {
                let words = lang.texts().moved(transfer.kind.receives(), transfer.done_bytes, *is_verified);
                still(Mood::Good, Some(1.0), String::new(), words)
            }
            State::Ended(End::Refused(error)) => {
                still(Mood::Bad, Some(0.0), String::new(), words::transfer_failed(&row.name(), error, lang))
            }
            State::Ended(End::Stopped) => {
                still(Mood::Muted, Some(0.0), String::new(), Text::ServiceStopped.of(lang).to_owned())
            }
            State::Ended(End::Failed(error)) => {
                let fraction = total.filter(|total| *total > 0).map_or(0.0, |total| done as f32 / total as f32);
                still(Mood::Bad, Some(fraction), String::new(), words::error_sentence(error, lang))
            }
        }
    }
}

impl Look {
    /// Of a transfer with a header.
    fn of_headed(transfer: &Transfer, lang: Lang) -> Self {
        let left = transfer.left.map(|left| lang.texts().transfer_left(&sentences::duration(left, lang)));
        let words = match transfer.stage {
            Stage::Asking => Text::WaitingForAnswer.of(lang).to_owned(),
            Stage::Hashing => Text::ComputingMd5.of(lang).to_owned(),
            Stage::Checking => Text::CheckingMd5.of(lang).to_owned(),
            Stage::Moving => left.unwrap_or_default(),
        };
        let total = transfer.total_bytes.filter(|total| *total > 0);
        let moves = transfer.stage == Stage::Moving && transfer.rate > 0;
        Self {
            fraction: total.map(|total| (transfer.done_bytes as f64 / total as f64) as f32),
            mood: Mood::Runs,
            size: words::size_of(transfer.done_bytes, transfer.total_bytes),
            rate: if moves { format!("{}/s", words::size(transfer.rate)) } else { String::new() },
            words,
            warns: false,
        }
    }
}

/// The sentence of an action that failed, for a note elsewhere.
pub fn failure(name: &str, end: &End, lang: Lang) -> Option<String> {
    match end {
        End::Failed(error) => Some(words::error_sentence(error, lang)),
        End::Refused(error) => Some(words::transfer_failed(name, error, lang)),
        _ => None,
    }
}

/// Whom a file goes to: a name with the colour of a peer, if it is one.
pub fn receiver(row: &Row, lang: Lang) -> (String, Option<PeerId>) {
    match row.targets.as_slice() {
        [] | [Target::Remote] => (String::new(), None),
        [Target::Peer(peer)] => (format!("#{}", peer.0), Some(*peer)),
        [Target::Address(address)] => (display_address(*address), None),
        [Target::All] if row.transfer.peer_count() > 0 => (lang.texts().to_all_peers(row.transfer.peer_count()), None),
        [Target::All] => (Text::AllPeersShort.of(lang).to_owned(), None),
        several => (lang.texts().peers_of(several.len()), None),
    }
}

/// The icon of an action and its colour.
pub fn icon(row: &Row, t: &Tokens) -> (char, Color32) {
    match row.task {
        FileTask::Send | FileTask::Put if row.is_active() => (icons::FILE_ARROW_UP, t.sent),
        FileTask::Folder if row.is_active() => (icons::FOLDER_OPEN, t.accent),
        FileTask::Folder => (icons::FOLDER_OPEN, t.muted),
        FileTask::Send | FileTask::Put => (icons::FILE_ARROW_UP, t.muted),
        FileTask::Receive | FileTask::Get if row.is_active() => (icons::FILE_ARROW_DOWN, t.received),
        FileTask::Receive | FileTask::Get | FileTask::SaveReceived | FileTask::Export | FileTask::Report => {
            (icons::FILE_ARROW_DOWN, t.muted)
        }
        FileTask::SaveLog => (icons::FILE_TEXT, t.muted),
    }
}

/// The places of a row's parts, from the left edge of the list.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    pub peer: f32,
    pub bar: f32,
    pub size: f32,
    pub rate: Option<f32>,
    pub words: f32,
    /// Right edge of the words.
    pub end: f32,
}

/// Left edge of the file names.
pub const NAME: f32 = 36.0;

impl Columns {
    /// For a list of `width` points. The rate goes first where there is little space.
    pub fn new(width: f32, has_peers: bool) -> Self {
        let end = width - BUTTONS;
        let peers = if has_peers { 76.0 } else { 0.0 };
        let has_rate = width >= 620.0;
        let fixed = NAME + peers + BAR.x + 14.0 + 130.0 + if has_rate { 82.0 } else { 0.0 };
        let name = ((end - fixed) * 0.46).clamp(60.0, 260.0);
        let peer = NAME + name + 8.0;
        let bar = peer + peers;
        let size = bar + BAR.x + 14.0;
        let rate = has_rate.then_some(size + 130.0 + 68.0);
        Self { peer, bar, size, rate, words: rate.unwrap_or(size + 116.0) + 14.0, end }
    }
}

/// Draws bar, numbers and words of a row. `time`: seconds, for the moving piece.
pub fn paint(painter: &Painter, rect: Rect, look: &Look, columns: &Columns, sends: bool, time: f64, t: &Tokens) {
    let x = |offset: f32| rect.left() + offset;
    let y = rect.center().y;
    let track = Rect::from_min_size(pos2(x(columns.bar), y - BAR.y / 2.0), BAR);
    let runs = if sends { t.fill } else { t.received };
    let colour = match look.mood {
        Mood::Runs => runs,
        Mood::Stalled => t.warning,
        Mood::Good => t.received,
        Mood::Muted => t.faint,
        Mood::Bad => t.error,
    };
    painter.rect_filled(track, CornerRadius::same(3), t.toggle_on);
    let piece = match look.fraction {
        Some(fraction) => track.with_max_x(track.left() + track.width() * fraction.clamp(0.0, 1.0)),
        None => {
            let phase = ((time * 4.0).floor() % 8.0) as f32 / 7.0;
            Rect::from_min_size(track.min + vec2((BAR.x - PIECE) * phase, 0.0), vec2(PIECE, BAR.y))
        }
    };
    if piece.width() > 0.0 {
        painter.rect_filled(piece, CornerRadius::same(3), colour);
    }
    let font = crate::gui::theme::ui_font(measure::TEXT_LABEL);
    let mut from = columns.size;
    if !look.size.is_empty() {
        let end = columns.rate.map_or(columns.words, |rate| rate - 60.0);
        paint::text_elided(painter, pos2(x(from), y), &look.size, font.clone(), t.text, end - from);
        from = columns.words;
    }
    if let Some(rate) = columns.rate.filter(|_| !look.rate.is_empty()) {
        paint::text(painter, pos2(x(rate), y), paint::At::Right, &look.rate, font, t.muted);
    }
    let galley = words(painter, look, columns, t);
    let at = pos2(x(from), y - galley.size().y / 2.0);
    if galley.rows.len() > 1 {
        painter.galley(at, galley, t.text);
    } else {
        paint::put(painter, pos2(x(from), y), paint::At::Left, measure::TEXT_LABEL, galley, t.text);
    }
}

/// Lays out the words of a row: the result of an ended action in as many lines as it needs.
fn words(painter: &Painter, look: &Look, columns: &Columns, t: &Tokens) -> Arc<Galley> {
    let colour = match look.mood {
        _ if look.warns => t.warning,
        Mood::Runs | Mood::Good => t.text,
        Mood::Stalled => t.warning,
        Mood::Muted => t.muted,
        Mood::Bad => t.error,
    };
    let from = if look.size.is_empty() { columns.size } else { columns.words };
    let font = crate::gui::theme::ui_font(measure::TEXT_LABEL);
    let mut job = LayoutJob::simple(look.words.clone(), font, colour, (columns.end - from).max(1.0));
    job.wrap.max_rows = if look.size.is_empty() { LINES_MOST } else { 1 };
    job.wrap.break_anywhere = job.wrap.max_rows == 1;
    painter.layout_job(job)
}

/// The height of a row: its words may need more than one line.
pub fn height(painter: &Painter, look: &Look, columns: &Columns, t: &Tokens) -> f32 {
    (words(painter, look, columns, t).size().y + 10.0).max(ROW).ceil()
}
