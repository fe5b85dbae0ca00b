//! The handshake of one connection, with a limit for its size.

use super::{Established, Report, WebSocket};
use crate::codec::websocket::Side;
use crate::codec::websocket::handshake::{
    HEAD_MAX, accept_of, check_request, check_response, key_of, not_http, offered, request, response, write,
};
use crate::model::{WebSocketFault, WebSocketStep, random_bits};
use mio::Interest;
use std::io;

/// How far it is.
#[derive(Debug, Default)]
pub(super) enum Stage {
    /// Nothing happened yet.
    #[default]
    Begin,
    /// The other side's head is read. A client sent this key.
    Reading(String),
    /// A server's answer is written; the fault if it refuses.
    Answering(Option<WebSocketFault>),
    /// It is over.
    Done,
}

impl WebSocket {
    /// Continues the handshake of the channel below, then this one.
    pub(in crate::engine::net::tcp::channel) fn establish(&mut self) -> io::Result<Established> {
        loop {
            match &self.stage {
                Stage::Begin => {
                    if let Established::Wants(interest) = self.below.establish()? {
                        return Ok(Established::Wants(interest));
                    }
                    self.begin();
                }
                Stage::Done => return Ok(Established::Ready),
                Stage::Answering(_) => {
                    if let Some(wants) = self.wants_write()? {
                        return Ok(wants);
                    }
                    if let Stage::Answering(Some(fault)) = std::mem::replace(&mut self.stage, Stage::Done) {
                        self.below.shut_down_write().ok();
                        return Err(io::Error::other(fault));
                    }
                }
                Stage::Reading(_) => {
                    if let Some(wants) = self.wants_write()? {
                        return Ok(wants);
                    }
                    if self.read_head()? {
                        return Ok(Established::Wants(Interest::READABLE));
                    }
                }
            }
        }
    }

    /// What is held is written first.
    fn wants_write(&mut self) -> io::Result<Option<Established>> {
        loop {
            match self.flush_held() {
                Ok(()) => return Ok(None),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Ok(Some(Established::Wants(Interest::READABLE | Interest::WRITABLE)));
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn begin(&mut self) {
        if self.layer.side == Side::Server {
            self.stage = Stage::Reading(String::new());
            return;
        }
        let mut random = [0; 16];
        random[..8].copy_from_slice(&random_bits().to_ne_bytes());
        random[8..].copy_from_slice(&random_bits().to_ne_bytes());
        let key = key_of(random);
        let config = &self.layer.config;
        let mut headers: Vec<(String, String)> = Vec::new();
        let has_host = config.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("Host"));
        if !has_host {
            headers.push(("Host".into(), self.layer.host.to_string()));
        }
        for (name, value) in [
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Key", &key),
            ("Sec-WebSocket-Version", "13"),
        ] {
            headers.push((name.into(), value.into()));
        }
        if !config.protocols.is_empty() {
            headers.push(("Sec-WebSocket-Protocol".into(), config.protocols.join(", ")));
        }
        headers.extend(config.headers.iter().cloned());
        let path = if config.path.is_empty() { "/".to_owned() } else { config.path.clone() };
        self.send(WebSocketStep::Request { sent: true, path, headers });
        self.stage = Stage::Reading(key);
    }

    fn send(&mut self, step: WebSocketStep) {
        self.held.extend_from_slice(&write(&step));
        self.reports.push(Report::WebSocketStep(step));
    }

    /// Reads once and looks whether the head is complete. True: the poll must report more.
    fn read_head(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 4096];
        let room = (HEAD_MAX - self.early.len().min(HEAD_MAX)).min(buffer.len());
        match self.below.read(&mut buffer[..room.max(1)]) {
            Ok(input) if input.count == 0 => {
                let fault = if self.early.is_empty() { WebSocketFault::Ended } else { self.fault_of_rest() };
                return Err(io::Error::other(fault));
            }
            Ok(input) => self.early.extend_from_slice(&buffer[..input.count]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(true),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(false),
            Err(error) => return Err(error),
        }
        match self.layer.side {
            Side::Client => self.take_response()?,
            Side::Server => self.take_request(),
        }
        Ok(false)
    }

    /// The stream ended within the head.
    fn fault_of_rest(&self) -> WebSocketFault {
        if self.early.starts_with(b"HTTP/") || self.early.starts_with(b"GET ") {
            WebSocketFault::Ended
        } else {
            not_http(&self.early)
        }
    }

    fn take_response(&mut self) -> io::Result<()> {
        let Some((len, step)) = response(&self.early).map_err(io::Error::other)? else { return Ok(()) };
        self.early.drain(..len);
        let key =
            if let Stage::Reading(key) = std::mem::replace(&mut self.stage, Stage::Done) { key } else { String::new() };
        let checked = check_response(&step, &key, &self.layer.config.protocols);
        self.reports.push(Report::WebSocketStep(step));
        checked.map_err(io::Error::other)
    }

    fn take_request(&mut self) {
        let (len, step) = match request(&self.early) {
            Ok(Some(read)) => read,
            Ok(None) => return,
            Err(fault) => return self.refuse(fault),
        };
        self.early.drain(..len);
        let checked = self.check(&step);
        let chosen = self.layer.config.protocols.iter().find(|own| offered(&step).contains(own)).cloned();
        self.reports.push(Report::WebSocketStep(step));
        match checked {
            Ok(key) => {
                let mut headers: Vec<(String, String)> = vec![
                    ("Upgrade".into(), "websocket".into()),
                    ("Connection".into(), "Upgrade".into()),
                    ("Sec-WebSocket-Accept".into(), accept_of(&key)),
                ];
                headers.extend(chosen.map(|protocol| ("Sec-WebSocket-Protocol".into(), protocol)));
                headers.extend(self.layer.config.headers.iter().cloned());
                let reason = "Switching Protocols".to_owned();
                self.send(WebSocketStep::Response { sent: true, status: 101, reason, headers });
                self.stage = Stage::Answering(None);
            }
            Err(fault) => self.refuse(fault),
        }
    }

    fn check(&self, step: &WebSocketStep) -> Result<String, WebSocketFault> {
        let key = check_request(step)?;
        let config = &self.layer.config;
        if let WebSocketStep::Request { path, .. } = step
            && !config.path.is_empty()
            && config.path != *path
        {
            return Err(WebSocketFault::WrongPath { path: path.clone() });
        }
        Ok(key)
    }

    fn refuse(&mut self, fault: WebSocketFault) {
        let (status, reason) = match &fault {
            WebSocketFault::WrongPath { .. } => (404, "Not Found"),
            WebSocketFault::LongHead => (431, "Request Header Fields Too Large"),
            WebSocketFault::NotHttp { .. } => (400, "Bad Request"),
            _ => (426, "Upgrade Required"),
        };
        let mut headers: Vec<(String, String)> =
            vec![("Connection".into(), "close".into()), ("Content-Length".into(), "0".into())];
        if status == 426 {
            headers.push(("Upgrade".into(), "websocket".into()));
            headers.push(("Sec-WebSocket-Version".into(), "13".into()));
        }
        self.early.clear();
        self.send(WebSocketStep::Response { sent: true, status, reason: reason.into(), headers });
        self.stage = Stage::Answering(Some(fault));
    }
}
