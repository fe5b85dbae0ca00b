//! Converts requests of the log to actions of the window.

use crate::gui::action::{Action, HighlightAction, QuickAction, ReplyAction, ViewAction};
use crate::gui::context::Panels;
use crate::gui::log::LogAction;
use crate::gui::send::state::message;
use crate::gui::session::Session;

/// Handles the requests of the log.
pub fn take(panels: &mut Panels<'_>, session: &mut Session, actions: Vec<LogAction>) {
    for action in actions {
        match action {
            LogAction::FillSendBox { bytes, as_text } => {
                let before = message(&session.setup);
                session.fill_send_box(&bytes, as_text);
                if !before.text.is_empty() && before.text != session.setup.draft {
                    panels.actions.push(Action::View(ViewAction::DraftReplaced(session.id, before.into())));
                }
            }
            LogAction::Copied { bytes, cut } => panels.actions.push(Action::View(ViewAction::Copied { bytes, cut })),
            LogAction::CopiedLines { lines, cut } => {
                panels.actions.push(Action::View(ViewAction::CopiedLines { lines, cut }));
            }
            LogAction::CopyFailed(why) => panels.actions.push(Action::View(ViewAction::CopyFailed(why))),
            LogAction::Highlight { bytes, as_text } => {
                panels.actions.push(Action::Highlight(HighlightAction::Add(session.id, bytes, as_text)));
            }
            LogAction::KeepCommand { bytes, as_text } => {
                panels.actions.push(Action::Quick(QuickAction::KeepBytes(session.id, bytes, as_text)));
            }
            LogAction::CreateReply { bytes, as_text } => {
                panels.actions.push(Action::Reply(ReplyAction::OfBytes(session.id, bytes, as_text)));
            }
            LogAction::Columns(columns) => session.setup.columns = columns,
            LogAction::Compare(wish) => crate::gui::compare::panel::begin(panels, session, wish),
        }
    }
}
