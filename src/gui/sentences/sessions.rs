//! Sentences about tabs and the page of a new one.

use super::tab_title;
use crate::capture::CaptureInfo;
use crate::gui::session::Session;
use crate::model::{Endpoint, EndpointError, Transport};
use crate::words::{self, Lang};

/// What a session is called where it has no tab.
pub fn session_title(session: &Session, lang: Lang) -> String {
    match &session.archive {
        Some(archive) => archive.endpoint.clone(),
        None => tab_title(&session.setup, &session.state, false, lang),
    }
}

/// A tab was closed, and can be brought back.
pub fn session_closed(title: &str, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("已关闭 {title}"),
        Lang::En => format!("{title} closed"),
    }
}

/// A closed server came back; so many connections ended when it was closed.
pub fn listens_again(peers: u64, lang: Lang) -> String {
    let count = super::grouped(peers);
    match lang {
        Lang::ZhCn => format!("重新监听，之前的 {count} 个连接已断开"),
        Lang::En if peers == 1 => "Listening again; the connection it had was closed".to_owned(),
        Lang::En => format!("Listening again; the {count} connections it had were closed"),
    }
}

/// A stored capture in one line: where, when, how much.
pub fn capture_in_short(info: &CaptureInfo) -> String {
    let endpoint = match info.endpoint.parse::<Endpoint>() {
        Ok(Endpoint { transport: Transport::Tcp, at }) => format!("TCP {at}"),
        Ok(Endpoint { transport: Transport::Udp, at }) => format!("UDP {at}"),
        Err(_) => words::harmless(&info.endpoint),
    };
    let time = jiff::Timestamp::from_nanosecond(i128::from(info.created_unix_ns)).unwrap_or_default();
    let time = time.to_zoned(jiff::tz::TimeZone::system()).strftime("%m-%d %H:%M").to_string();
    format!("{endpoint} · {time} · {}", words::size(info.bytes))
}

/// On the empty page: what the device must be told.
pub fn device_fills(address: &str, port: u16, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("设备端填写 {address} 和端口 {port}"),
        Lang::En => format!("Tell the device {address} and port {port}"),
    }
}

/// The same where the system chooses the port.
pub fn device_fills_later(address: &str, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("设备端填写 {address}，端口由系统分配，打开后显示"),
        Lang::En => format!("Tell the device {address}; the system chooses the port when it opens"),
    }
}

/// The same where the port or the address is wrong.
pub fn wrong_local(error: &EndpointError, lang: Lang) -> String {
    match error {
        EndpointError::Port(_) | EndpointError::NoPort => words::endpoint_error(error, lang),
        _ => {
            let why = words::endpoint_error_brief(error, lang);
            match lang {
                Lang::ZhCn => format!("本地地址有误：{why}"),
                Lang::En => format!("Local address: {why}"),
            }
        }
    }
}
