//! The button that opens or closes a session: its label and action, for the left column and the rail.

use crate::gui::action::{Action, SessionAction};
use crate::gui::session::Session;
use crate::model::{Protocol, SessionState};
use crate::words::Text;

/// The current function of the button.
pub struct Opening {
    pub label: Text,
    pub action: Action,
    /// It closes the session, or cancels opening it.
    pub ends: bool,
    pub enabled: bool,
}

/// The button of a session.
pub fn of(session: &Session) -> Opening {
    let (open, close) = match session.setup.protocol {
        Protocol::TcpServer => (Text::Listen, Text::StopListening),
        Protocol::TcpClient => (Text::Connect, Text::Disconnect),
        Protocol::Udp => (Text::Open, Text::Close),
    };
    let end = |label, enabled| {
        let action = Action::Session(SessionAction::Close(session.id));
        Opening { label, action, ends: true, enabled }
    };
    match &session.state {
        SessionState::Resolving | SessionState::Connecting => end(Text::CancelConnecting, true),
        SessionState::Waiting { .. } => end(Text::StopReconnecting, true),
        SessionState::Closing => end(close, false),
        state if state.is_open() => end(close, true),
        _ => {
            let action = Action::Session(SessionAction::Open(session.id));
            Opening { label: open, action, ends: false, enabled: true }
        }
    }
}
