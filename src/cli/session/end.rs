//! The end of a session: its last lines, and whether it went as asked.

use super::{CLOSE_WAIT, Run};
use crate::capture::CaptureReader;
use crate::capture::json::{Line, Summary};
use crate::cli::out::say;
use crate::cli::plan::Role;
use crate::cli::start::{self, Housekeeping};
use crate::model::{CloseReason, ErrorKind, NetError, Operation};
use crate::words;
use std::process::ExitCode;

impl Run {
    /// The session is closed and reported: only the summary and the exit code are left.
    pub(super) fn finish(mut self, housekeeping: Housekeeping) -> ExitCode {
        // What was unfinished may be what must not come.
        self.teller.end_frames(None);
        let is_well = self.verdict();
        if !self.closed_told {
            // Also of one that did not close in time.
            self.teller.tell_closed(self.closed.unwrap_or(CloseReason::Error));
        }
        self.teller.tell_frame_counts();
        self.flush_files();
        let counters = self.handle.counters();
        self.handle.finish(CLOSE_WAIT);
        housekeeping.finish(self.lang);
        let capture = self.reader.as_ref().map(CaptureReader::id);
        let conditions = &self.teller.conditions;
        // Of a session that never opened the error says why.
        let judged = self.opened.is_some() && (!self.held || conditions.are_broken());
        let unmet = if judged { conditions.unmet() } else { Vec::new() };
        if self.teller.show.json {
            let summary = Summary::new(&counters, self.transport, capture).unmet(unmet);
            self.teller.out.line(&Line::Summary(summary).to_text());
            self.teller.out.flush();
        } else {
            if let Some(sentence) = start::unmet_sentence(&unmet, self.lang) {
                self.teller.say(&sentence);
            }
            self.teller.say(&start::summary_sentence(&counters, capture, self.lang));
        }
        self.teller.end_output();
        self.teller.out.flush();
        if let Some(error) = self.teller.out.failure() {
            let error = NetError::from_io(Operation::SaveFile, "stdout", error);
            say(&words::error_sentence(&error, self.lang));
            return ExitCode::FAILURE;
        }
        // No reader was left, which is how pipes end.
        if self.teller.out.is_broken() {
            return ExitCode::SUCCESS;
        }
        if is_well && counters.dropped_records == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Whether the run went as asked.
    fn verdict(&mut self) -> bool {
        let asked = self.is_ending();
        let ended_well = match (self.closed, self.role) {
            _ if asked || self.held => true,
            (Some(CloseReason::PeerFin | CloseReason::Local), Role::Connect) => self.opened.is_some(),
            _ => false,
        };
        // The peer ended it: lists that were still to be sent are cut.
        let cut = !asked && self.opened.is_some() && self.sends.are_cut();
        if cut && !self.failed {
            let error = NetError::new(Operation::Send, ErrorKind::Closed, self.endpoint.clone(), "");
            self.fail(&error);
        }
        let conditions = &self.teller.conditions;
        let held = (self.held || conditions.hold()) && !conditions.are_broken();
        let refused = self.refused && self.handle.counters().received_records == 0;
        ended_well && held && !cut && !refused && !self.failed && !self.stalled
    }
}
