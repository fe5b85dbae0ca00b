//! The demonstration: a server and a client of this machine side by side that say something to each other.

use crate::codec::Encoding;
use crate::engine::{Command, SendItem, SendPlan};
use crate::gui::action::{Action, SessionAction};
use crate::gui::app::App;
use crate::gui::start::state::Demo;
use crate::lines::ViewMode;
use crate::model::{Protocol, SessionId, SessionState, Target};
use crate::settings::SessionSetup;

/// What is said: by the server or not, and the bytes. Each waits until the one before it has arrived.
const SAID: [(bool, &[u8]); 6] = [
    (false, "你好，服务器！\n".as_bytes()),
    (true, "你好，客户端！hello\n".as_bytes()),
    // MODBUS: read two holding registers, and their values (application protocol V1.1b3 §6.3).
    (false, &[0x01, 0x03, 0x00, 0x00, 0x00, 0x02, 0xC4, 0x0B]),
    (true, &[0x01, 0x03, 0x04, 0x41, 0xBC, 0x00, 0x00, 0x2F, 0xEB]),
    (false, b"{\"cmd\":\"status\",\"seq\":1}\n"),
    (true, "{\"seq\":1,\"ok\":true,\"temp\":23.5,\"unit\":\"℃\"}\n".as_bytes()),
];

impl App {
    /// Opens both ends side by side.
    pub fn start_demo(&mut self) {
        if self.demo.as_ref().is_some_and(|demo| self.sessions.contains_key(&demo.server)) {
            return;
        }
        let loopback = |protocol, view| SessionSetup {
            protocol,
            local_address: "127.0.0.1".into(),
            local_port: "0".into(),
            remote_address: "127.0.0.1".into(),
            remote_port: String::new(),
            view,
            encoding: Encoding::UTF_8,
            ..SessionSetup::default()
        };
        // An untouched first tab makes room.
        let blank = self.sessions.values().find(|s| s.is_blank() && s.setup == SessionSetup::default()).map(|s| s.id);
        let server = self.add(loopback(Protocol::TcpServer, ViewMode::Dump));
        let client = self.add(loopback(Protocol::TcpClient, ViewMode::Text));
        let mut others = crate::gui::tabs::order(&self.tree);
        if let Some(blank) = blank {
            others.retain(|id| *id != blank);
            self.sessions.remove(&blank);
        }
        others.push(server);
        self.tree = crate::gui::tabs::tree(&[(others, server), (vec![client], client)]);
        self.focused = server;
        self.demo = Some(Demo { server, client, connecting: false, said: 0, server_heard: 0, client_heard: 0 });
        self.actions.push(Action::Session(SessionAction::Open(server)));
    }

    /// Goes on as the states and counters allow; called every frame.
    pub fn step_demo(&mut self) {
        if self.demo.is_none() {
            return;
        }
        let ground = self.ground();
        let Some(demo) = &mut self.demo else { return };
        let Some(SessionState::Listening { local }) = self.sessions.get(&demo.server).map(|s| s.state.clone()) else {
            return;
        };
        let Some(client) = self.sessions.get_mut(&demo.client) else { return };
        if !demo.connecting {
            demo.connecting = true;
            client.setup.remote_port = local.port().to_string();
            client.open(&ground);
            return;
        }
        if !client.state.is_open() {
            return;
        }
        let heard = |id, app: &std::collections::BTreeMap<SessionId, crate::gui::session::Session>| {
            app.get(&id).map_or(0, |session| session.counters.received_bytes)
        };
        let arrived = heard(demo.server, &self.sessions) >= demo.server_heard
            && heard(demo.client, &self.sessions) >= demo.client_heard;
        let peers = self.sessions.get(&demo.server).map_or(0, |session| session.counters.peers);
        let Some((by_server, bytes)) = SAID.get(demo.said).filter(|_| arrived && peers > 0) else { return };
        demo.said += 1;
        let len = u64::try_from(bytes.len()).unwrap_or(0);
        let (id, target) = if *by_server {
            demo.client_heard += len;
            (demo.server, Target::All)
        } else {
            demo.server_heard += len;
            (demo.client, Target::Remote)
        };
        if let Some(session) = self.sessions.get_mut(&id) {
            let ticket = session.ticket();
            let plan = SendPlan::once(vec![SendItem::bytes(*bytes)]);
            session.command(Command::Send { ticket, target, plan });
        }
    }
}
