//! The end of a session: its last lines, and whether it succeeded.

use super::transfers::Transfers;
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
    /// Finishes a session that is closed and reported: prints the summary and returns the exit code.
    pub(super) fn finish(mut self, housekeeping: Housekeeping) -> ExitCode {
        // Unfinished data may contain a forbidden pattern.
        self.printer.end_frames(None);
        self.finish_transfers();
        self.finish_commands();
        let is_well = self.verdict();
        if !self.closed_printed {
            // Also for a session that did not close in time.
            self.printer.print_closed(self.closed.unwrap_or(CloseReason::Error));
        }
        self.printer.print_frame_counts();
        self.flush_files();
        let counters = self.handle.counters();
        self.handle.finish(CLOSE_WAIT);
        housekeeping.finish(self.lang);
        let capture = self.reader.as_ref().map(CaptureReader::id);
        let conditions = &self.printer.conditions;
        // For a session that never opened the error gives the reason.
        let judged = self.opened.is_some() && (!self.held || conditions.are_broken());
        let unmet = if judged { conditions.unmet() } else { Vec::new() };
        if self.printer.show.json {
            let summary = Summary::new(&counters, self.transport, capture).unmet(unmet);
            self.printer.out.line(&Line::Summary(summary).to_text());
            self.printer.out.flush();
        } else {
            if let Some(sentence) = start::unmet_sentence(&unmet, self.lang) {
                self.printer.say(&sentence);
            }
            self.printer.say(&start::summary_sentence(&counters, capture, self.lang));
        }
        self.printer.end_output();
        self.printer.out.flush();
        if let Some(error) = self.printer.out.failure() {
            let error = NetError::from_io(Operation::SaveFile, "stdout", error);
            say(&words::error_sentence(&error, self.lang));
            return ExitCode::FAILURE;
        }
        // The reader closed the pipe, which is a normal end.
        if self.printer.out.is_broken() {
            return ExitCode::SUCCESS;
        }
        if is_well && counters.dropped_records == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Whether the run succeeded.
    fn verdict(&mut self) -> bool {
        let asked = self.is_ending();
        let ended_well = match (self.closed, self.role) {
            _ if asked || self.held => true,
            (Some(CloseReason::PeerFin | CloseReason::Local), Role::Connect) => self.opened.is_some(),
            // The server may end the connection as it likes once a client has what it wanted.
            (Some(_), Role::Connect) => self.transfers.as_ref().is_some_and(Transfers::are_well),
            _ => false,
        };
        // The peer closed the connection before all lists were sent.
        let cut = !asked && self.opened.is_some() && self.sends.are_cut();
        if cut && !self.failed {
            let error = NetError::new(Operation::Send, ErrorKind::Closed, self.endpoint.clone(), "");
            self.fail(&error);
        }
        let conditions = &self.printer.conditions;
        let held = (self.held || conditions.hold()) && !conditions.are_broken();
        let refused = self.refused && self.handle.counters().received_records == 0;
        ended_well && held && !cut && !refused && !self.failed && !self.stalled
    }
}
